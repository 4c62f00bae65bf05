import { DTYPES, elementCount, type TypedArray } from "../../workers/array.ts";
import {
  declare,
  type Json,
  OWN_OPERATIONS,
  type Reply,
  type SessionClient,
  startCore,
  untilFree,
} from "../handlers/mod.ts";
import type { GivenArray } from "./run_directly.ts";

interface Pooled {
  operation: string;
  params?: Record<string, unknown>;
  inputs?: Record<string, GivenArray>;
}

/** Sends a request and its arrays. @returns The answer, which may be a refusal */
export function request(client: SessionClient, pooled: Pooled & { job?: string }): Promise<Reply> {
  const { inputs = {}, ...rest } = pooled;
  const arrays = Object.entries(inputs).map(([name, { dtype, shape, data }]) => {
    const elements = new DTYPES[dtype].view(elementCount(shape));
    elements.set(data);
    return { name, id: client.nextId(), dtype, shape, elements };
  });
  const declared = arrays.map(({ name, id, dtype, shape }) => [name, declare(id, dtype, shape)]);
  const answer = client.request("jobs.run", { ...rest, inputs: Object.fromEntries(declared) });
  for (const { id, elements } of arrays) client.sendArray(id, elements);
  return answer;
}

/** A session with a server that has our own operations, and threads. */
export async function withSession(run: (client: SessionClient) => Promise<void>): Promise<void> {
  await using started = await startCore({ threads: 2, operations: OWN_OPERATIONS });
  const client = started.connect();
  await client.hello();
  await run(client);
  await untilFree(started.core);
}

/** Runs an operation as a client would: dispatcher, catalogue, pool. */
export async function runPooled(
  client: SessionClient,
  pooled: Pooled,
): Promise<{ outputs: Record<string, TypedArray>; result: Json }> {
  const { result, error } = await request(client, pooled);
  if (error !== undefined) throw new Error(`${pooled.operation}: ${JSON.stringify(error)}`);
  return { outputs: await client.arrays(result.outputs), result };
}

/** Cancels a job as soon as it runs. @returns The answer, and how long it took to come, in ms */
export async function cancelRunning(
  client: SessionClient,
  pooled: Pooled,
): Promise<{ reply: Reply; ms: number }> {
  const answer = request(client, { ...pooled, job: "cancelled" });
  while (!(await client.call("server.status")).jobs.running.length) await Promise.resolve();
  const begun = performance.now();
  await client.call("jobs.cancel", { job: "cancelled" });
  const reply = await answer;
  return { reply, ms: performance.now() - begun };
}
