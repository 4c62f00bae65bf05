import { assertEquals } from "@std/assert/equals.js";
import { type Candidate, chooseThread } from "../../workers/choose_thread.ts";

const IDLE = { takesWork: true, load: 0, expectedMs: 0 };
const LONG = { takesWork: true, load: 1, expectedMs: Infinity };
const GONE = { takesWork: false, load: 0, expectedMs: 0 };
const small = (load: number, expectedMs: number) => ({ takesWork: true, load, expectedMs });

const CASES: {
  title: string;
  threads: (Candidate | undefined)[];
  ms: number | undefined;
  chosen: number | undefined;
}[] = [
  { title: "the first idle one", threads: [LONG, IDLE, IDLE], ms: undefined, chosen: 1 },
  { title: "the first idle one for a small slice", threads: [LONG, IDLE], ms: 0.02, chosen: 1 },
  { title: "none that is no more", threads: [undefined, GONE], ms: 0.02, chosen: undefined },
  { title: "none when all are busy", threads: [LONG, LONG], ms: undefined, chosen: undefined },
  { title: "none behind a long slice", threads: [LONG, LONG], ms: 0.02, chosen: undefined },
  {
    title: "none with small slices for a long one",
    threads: [small(1, 0.02)],
    ms: undefined,
    chosen: undefined,
  },
  {
    title: "the awake one rather than an idle one",
    threads: [IDLE, small(2, 0.04)],
    ms: 0.02,
    chosen: 1,
  },
  { title: "an idle one when much is queued", threads: [small(9, 0.5), IDLE], ms: 0.02, chosen: 1 },
  {
    title: "the one that will be free first",
    threads: [small(3, 0.8), small(9, 0.6)],
    ms: 0.1,
    chosen: 1,
  },
  { title: "none when too much is queued", threads: [small(9, 0.95)], ms: 0.1, chosen: undefined },
  {
    title: "none when too many are queued",
    threads: [small(32, 0.1)],
    ms: 0.001,
    chosen: undefined,
  },
];

Deno.test("chooseThread() takes", async (test) => {
  for (const { title, threads, ms, chosen } of CASES) {
    await test.step(title, () => {
      const thread = chooseThread(threads, ms);
      assertEquals(thread === undefined ? undefined : threads.indexOf(thread), chosen);
    });
  }
});
