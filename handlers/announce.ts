import { basename } from "node:path";
import { type Fault, formatFault } from "./fault.ts";
import type { Log } from "./log.ts";

/** What has become of a file in an operations folder. */
export interface Change {
  file: string;
  /** Whether it was an operation before, and whether it is one now. */
  was: boolean;
  is: boolean;
  /** Why it cannot be used as it is. */
  fault?: Fault | undefined;
}

/** Tells the terminal, and programs that follow it, of a change. */
export function announce({ file, was, is, fault }: Change, log: Log): void {
  const name = basename(file, ".ts");
  if (fault !== undefined) {
    const kept = was ? "; the version before it stays in use" : "";
    const message = `${formatFault(fault)}${kept}`;
    return log({ event: "operation-broken", level: "error", message, file });
  }
  if (is) {
    const message = `${name} was loaded${was ? " anew" : ""}`;
    return log({ event: "operation-loaded", message, file });
  }
  if (was) log({ event: "operation-removed", message: `${name} was removed`, file });
}
