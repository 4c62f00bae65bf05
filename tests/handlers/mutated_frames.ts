import { chunksOf, declare, type Json } from "./client.ts";
import type { Random } from "./random.ts";

export type Frame = string | Uint8Array<ArrayBuffer>;

/** Values that a field may be replaced by: all types, edges, and names that mean something. */
const STRANGE: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 40,
  2 ** 53,
  "",
  "echo",
  "spin",
  "exit",
  "grow",
  "fail",
  "float32",
  "json",
  "__proto__",
  "\u0000\uD800",
  [],
  [[]],
  [1, [2]],
  {},
  { $array: null },
  { $array: { id: 1, dtype: "uint8", shape: [3, 1] } },
  { kind: "box" },
];

const request = (id: number, method: string, params?: Json) => ({
  jsonrpc: "2.0",
  id,
  method,
  ...(params === undefined ? {} : { params }),
});

/** Jobs that end badly, and take their time to. */
const TROUBLE: readonly Json[] = [
  { operation: "spin" },
  { operation: "spin", job: "fill" },
  { operation: "exit" },
  { operation: "fail", params: { how: "late" } },
  { operation: "count_slowly", params: { milliseconds: 60_000 }, job: "upload" },
];

/** What a client might send in a few moments: text frames as values, binary frames as bytes. */
function conversation(random: Random): (Json | Uint8Array<ArrayBuffer>)[] {
  const rows = 1 + random.below(40);
  const values = new Float32Array(rows * 2).map(() => random.below(100));
  const weights = new Float32Array(rows).fill(1);
  const chunkBytes = 8 + random.below(100);
  const echo = request(1, "jobs.run", {
    operation: "echo",
    inputs: {
      values: declare(1, "float32", [rows, 2]),
      weights: declare(2, "float32", [rows]),
    },
    job: "upload",
  });
  const batch = [
    request(2, "jobs.run", { operation: "fill", params: { rows }, arrays: "binary", job: "fill" }),
    request(3, "server.ping", { message: "in a batch" }),
    { jsonrpc: "2.0", method: "server.ping" },
    request(4, "jobs.run", { operation: "choose", params: { steps: [{ size: 1 }], seed: 1 } }),
  ];
  return [
    request(5, "session.hello", { protocol: 1, client: { name: "mutant", version: "1" } }),
    echo,
    ...chunksOf(1, values, chunkBytes),
    batch,
    ...chunksOf(2, weights, chunkBytes),
    request(6, "jobs.run", { operation: "grow", params: { rows }, arrays: "json" }),
    request(7, "jobs.cancel", { job: random.pick(["upload", "fill", "nobody"]) }),
    request(8, "operations.list"),
    request(9, "server.status"),
    ...(random.oneIn(30) ? [request(10, "jobs.run", random.pick(TROUBLE))] : []),
  ];
}

/** Replaces, removes or adds one field somewhere inside `value`, which is changed. */
function mutateField(random: Random, value: Json): Json {
  if (typeof value !== "object" || value === null || random.oneIn(8)) {
    return random.pick(STRANGE);
  }
  const keys = Object.keys(value);
  if (keys.length === 0 || random.oneIn(12)) {
    value[random.pick(["id", "x", "$array", "params"])] = random.pick(STRANGE);
    return value;
  }
  const key = random.pick(keys);
  if (random.oneIn(10)) delete value[key];
  else value[key] = mutateField(random, value[key]);
  return value;
}

function mutateText(random: Random, text: string): string {
  const at = random.below(text.length);
  const character = random.pick(['"', "{", "}", "[", "]", ",", ":", "0", "\\", "\u0000", "é"]);
  switch (random.below(3)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + character + text.slice(at + 1);
    default:
      return text.slice(0, at) + character + text.slice(at);
  }
}

function mutateBytes(random: Random, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const mutated = bytes.slice();
  if (random.oneIn(3)) return mutated.slice(0, random.below(mutated.length + 1));
  // Mostly the header: the rest may hold anything.
  const at = random.oneIn(4) ? random.below(mutated.length) : random.below(16);
  mutated[at] = random.below(256);
  return mutated;
}

/** A conversation in which about one frame in three is broken, lost, doubled or out of its place. */
export function mutatedFrames(random: Random): Frame[] {
  const frames = conversation(random).flatMap((message): Frame[] => {
    if (message instanceof Uint8Array) {
      const bytes = message as Uint8Array<ArrayBuffer>;
      return [random.oneIn(4) ? mutateBytes(random, bytes) : bytes];
    }
    const text = JSON.stringify(random.oneIn(3) ? mutateField(random, message) : message);
    return [random.oneIn(12) ? mutateText(random, text) : text];
  });
  for (let turn = random.below(4); turn > 0; turn--) {
    const [frame] = frames.splice(random.below(frames.length), random.below(2)) as [Frame?];
    if (frame === undefined) frames.push(random.pick(frames));
    else if (random.oneIn(2)) frames.splice(random.below(frames.length), 0, frame);
  }
  return frames;
}
