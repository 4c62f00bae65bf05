import type { Figure } from "../figure.ts";
import type { Stage } from "../stage.ts";
import { withBusyServer } from "./busy_server.ts";

const section = "Small jobs";
const DEMO = "the demo's way: Python asyncio websockets and numpy";
const ECHO = "a bare server that sends each request back";
const OURS = "random_vectors, count 1, on a worker thread";

/** Calls in one repetition. */
function calls(stage: Stage): number {
  return stage.quick ? 200 : 2000;
}

type Kind = "outboard" | "demo" | "echo";

function urlOf(stage: Stage, kind: Kind): Promise<string> {
  if (kind === "demo") return stage.demo();
  return kind === "echo" ? stage.echo() : stage.usualUrl();
}

/** One number of many calls of a kind, one at a time. */
async function oneByOne(stage: Stage, kind: Kind, number: "p50" | "tail") {
  const client = await stage.client();
  const url = await urlOf(stage, kind);
  return async (): Promise<number> => {
    const count = calls(stage);
    return (await client.ask<Record<string, number>>("one_by_one", { kind, url, count }))[number]!;
  };
}

const IN_FLIGHT = 32;

async function perSecond(stage: Stage, kind: Kind) {
  const client = await stage.client();
  const url = await urlOf(stage, kind);
  const options = { kind, url, count: 3 * calls(stage), depth: IN_FLIGHT };
  return () => client.ask("per_second", options);
}

const PINGS = 2000;
const IDLE_MS = { full: 10_000, quick: 300 };

export const SMALL_JOBS: Figure[] = [
  {
    name: "small_p50",
    section,
    title: "One small job, asked for and answered: median time",
    ours: OURS,
    reference: DEMO,
    unit: "µs",
    goal: { of: "ratio", most: 0.85, stretch: 0.75 },
    limits:
      "The client and the bare socket (`echo_p50`) take two thirds of the demo's time. Inside, " +
      "checking and planning, waking the worker thread, and computing take about 50 µs each, three " +
      "to four times of what they take on end: between calls the caches go cold, and a virtual core " +
      "that sleeps takes 30 µs to wake. A thread that looks out for work instead of sleeping gains " +
      "nothing on two cores, because the client is woken on the one that it holds.",
    start: async (stage) => ({
      ours: await oneByOne(stage, "outboard", "p50"),
      reference: await oneByOne(stage, "demo", "p50"),
    }),
  },
  {
    name: "small_tail",
    section,
    title: "The same: 99th percentile by median",
    ours: OURS,
    reference: DEMO,
    unit: "times",
    goal: { of: "value", most: 3 },
    limits: "With as many threads awake as there are cores, the system's scheduler decides who " +
      "waits; collections of garbage on the main thread make the far end.",
    start: async (stage) => ({
      ours: await oneByOne(stage, "outboard", "tail"),
      reference: await oneByOne(stage, "demo", "tail"),
    }),
  },
  {
    name: "small_in_flight",
    section,
    title: `Small jobs per second, ${IN_FLIGHT} in flight on one connection`,
    ours: OURS,
    reference: DEMO,
    unit: "jobs/s",
    goal: { of: "ratio", least: 1.1, stretch: 1.25 },
    limits:
      "Two cores for three that compute: a job takes the client some 55 µs, the main thread 55 " +
      "(a bare echo, `echo_in_flight`: 18) and the worker thread 35, where the demo needs no third. " +
      "Checking and planning are 6 µs of the main thread's; the rest is handing over, waking and " +
      "being woken, in a flat profile. Threads that compute nothing came to 0.46 where ours were at 0.34.",
    start: async (stage) => ({
      ours: await perSecond(stage, "outboard"),
      reference: await perSecond(stage, "demo"),
    }),
  },
  {
    name: "echo_p50",
    section,
    title: "For comparison: one message to a bare Deno server and back: median time",
    ours: ECHO,
    reference: DEMO,
    unit: "µs",
    limits: "What is left below `small_p50` for handing over, computing and answering.",
    start: async (stage) => ({
      ours: await oneByOne(stage, "echo", "p50"),
      reference: await oneByOne(stage, "demo", "p50"),
    }),
  },
  {
    name: "echo_in_flight",
    section,
    title: `For comparison: messages per second to it, ${IN_FLIGHT} in flight on one connection`,
    ours: ECHO,
    reference: DEMO,
    unit: "jobs/s",
    limits: "The most that `small_in_flight` could be, if its server had nothing to do.",
    start: async (stage) => ({
      ours: await perSecond(stage, "echo"),
      reference: await perSecond(stage, "demo"),
    }),
  },
  {
    name: "busy_ping",
    section,
    title: "server.ping while every thread is busy and 48 MB arrays arrive: 99th percentile",
    ours: "the main thread answers",
    reference: "a bare server that sends the request back, under the same load",
    unit: "ms",
    goal: { of: "value", most: 2 },
    repetitions: { full: 5, quick: 1 },
    limits: "On two cores the busy threads, the sender of the arrays and the client of the pings " +
      "wait for a core more often than for the server. With the threads at the lowest priority of " +
      "all (not kept: a render would starve them) 4 ms were left: frames that have come are taken one " +
      "after the other, some megabytes of them before the runtime looks at another socket.",
    start: async (stage) => {
      const [client, busy] = [await stage.client(), await withBusyServer(stage)];
      const p99 = async (kind: string, url: string) => {
        const options = { kind, url, count: stage.quick ? 100 : PINGS };
        return (await client.ask<{ p99: number }>("one_by_one", options)).p99 / 1000;
      };
      const echo = await stage.echo();
      return {
        ours: () => p99("ping", busy.url),
        reference: () => p99("echo", echo),
        end: busy.end,
      };
    },
  },
  {
    name: "idle_cpu",
    section,
    title: `What an idle server takes, over ${IDLE_MS.full / 1000} s`,
    ours: "both processes, two threads warm",
    unit: "% of a core",
    goal: { of: "value", most: 0.5 },
    needs: ["linux"],
    repetitions: { full: 1, quick: 1 },
    warmUp: false,
    limits: "Looking for changed operation files, and the runtime's own timers.",
    start: async (stage) => {
      const client = await stage.client();
      const [processes, { pid }] = [await stage.processes(), await stage.outboard()];
      const pids = await processes.family(pid);
      const options = { kind: "outboard", url: await stage.usualUrl(), count: 50 };
      const idle = stage.quick ? IDLE_MS.quick : IDLE_MS.full;
      return {
        // Threads that have just worked are the ones that might go on spinning.
        ours: async () => {
          await client.ask("one_by_one", options);
          return await processes.coreShare(
            pids,
            () => new Promise((done) => setTimeout(done, idle)),
          );
        },
      };
    },
  },
];
