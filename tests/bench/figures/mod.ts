import type { Figure } from "../figure.ts";
import { BLENDER } from "./blender.ts";
import { KERNELS } from "./kernels.ts";
import { MEMORY } from "./memory.ts";
import { SAME_MACHINE } from "./same_machine.ts";
import { SMALL_JOBS } from "./small_jobs.ts";
import { SOCKET } from "./socket.ts";

/** Everything that is measured, in order. */
export const FIGURES: readonly Figure[] = [
  ...SMALL_JOBS,
  ...SOCKET,
  ...SAME_MACHINE,
  ...KERNELS,
  ...BLENDER,
  ...MEMORY,
];
