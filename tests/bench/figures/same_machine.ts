import type { Figure } from "../figure.ts";
import type { Stage } from "../stage.ts";

const section = "Large arrays on one machine";
const BRIDGE = "transform_points through the extension's bridge, numpy array to numpy array";
const NUMPY = "numpy in the same process, P @ A.T + t";

const MILLION = 1_000_000;

function some(stage: Stage, count: number): number {
  return stage.quick ? count / 20 : count;
}

/** A job through the bridge against a function of numpy's, on as many points. */
function againstNumpy(job: string, numpy: string, count: number): Figure["start"] {
  return async (stage) => {
    const [client, { home }] = [await stage.client(), await stage.outboard()];
    const points = { count: some(stage, count) };
    return {
      ours: () => client.ask(job, { home, ...points }),
      reference: () => client.ask(numpy, points),
    };
  };
}

export const SAME_MACHINE: Figure[] = [
  {
    name: "bridge_1m",
    section,
    title: "One million points (12 MB each way)",
    ours: BRIDGE,
    reference: NUMPY,
    unit: "ms",
    goal: { of: "ratio", most: 1.5, stretch: 1 },
    limits: "Four copies of 12 MB between processes that numpy does not make, and the first use " +
      "of a fresh result's memory, which it makes too.",
    start: againstNumpy("transform_points", "affine", MILLION),
  },
  {
    name: "bridge_socket",
    section,
    title: "For comparison: one million points by the bridge through the socket",
    ours: `${BRIDGE}, the server started with --no-lane`,
    reference: NUMPY,
    unit: "ms",
    limits: "Masking and copying, as for every client of the socket; here in Python, a budget of " +
      "work at a time.",
    start: async (stage) => {
      const [client, { home }] = [await stage.client(), await stage.socketOnly()];
      const points = { count: some(stage, MILLION) };
      return {
        ours: () => client.ask("transform_points", { home, ...points }),
        reference: () => client.ask("affine", points),
      };
    },
  },
  {
    name: "bridge_10m",
    section,
    title: "Ten million points (120 MB each way)",
    ours: BRIDGE,
    reference: NUMPY,
    unit: "ms",
    goal: { of: "ratio", most: 1.5, stretch: 1 },
    repetitions: { full: 5, quick: 1 },
    limits: "As for one million: copies, now beyond all caches.",
    start: againstNumpy("transform_points", "affine", 10 * MILLION),
  },
  {
    name: "bridge_script",
    section,
    title: "For comparison: one million points by a script's one call, connection included",
    ours: "addon's run(), which connects, runs and disconnects",
    reference: NUMPY,
    unit: "ms",
    limits: "The connection's own handshakes are new each time.",
    start: async (stage) => {
      const [client, { url, token }] = [await stage.client(), await stage.outboard()];
      const points = { count: some(stage, MILLION) };
      return {
        ours: () => client.ask("transform_by_script", { url, token, ...points }),
        reference: () => client.ask("affine", points),
      };
    },
  },
  {
    name: "bridge_demo",
    section,
    title: "For comparison: a hundred thousand points by the demo's way",
    ours: BRIDGE,
    reference: "the demo's way: Python asyncio websockets and numpy, points as JSON",
    unit: "ms",
    repetitions: { full: 5, quick: 1 },
    limits: "Numbers as text: they are written and read one by one, twice each way.",
    start: async (stage) => {
      const [client, { home }, url] = [
        await stage.client(),
        await stage.outboard(),
        await stage.demo(),
      ];
      const points = { count: some(stage, MILLION / 10) };
      return {
        ours: () => client.ask("transform_points", { home, ...points }),
        reference: () => client.ask("demo_points", { url, ...points }),
      };
    },
  },
  {
    name: "bridge_heavy",
    section,
    title: "A heavy kernel, 50 floating-point operations per byte: the field of 60 balls",
    ours: "an operation as an author writes it, one million points through the bridge",
    reference:
      "numpy in the same process, column by column, in place, in blocks that fit the cache",
    unit: "ms",
    goal: { of: "ratio", most: 1 },
    repetitions: { full: 7, quick: 1 },
    limits: "Arithmetic, half of it division: numpy computes several numbers at a time and reads " +
      "them back from the cache for each step, the loop two at a time in registers, in float64, " +
      "on every core.",
    start: againstNumpy("metaball_field", "field", MILLION),
  },
  {
    name: "copy_1m",
    section,
    title: "For comparison: what one copy of 12 MB takes",
    ours: "numpy.copyto, both arrays there already",
    reference: NUMPY,
    unit: "ms",
    limits: "Memory.",
    start: async (stage) => {
      const client = await stage.client();
      const points = { count: some(stage, MILLION) };
      return {
        ours: () => client.ask("copy", points),
        reference: () => client.ask("affine", points),
      };
    },
  },
];
