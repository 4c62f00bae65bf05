import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { type Json, type SessionClient, startCore, untilFree } from "./mod.ts";
import { type Frame, mutatedFrames } from "./mutated_frames.ts";
import { Random } from "./random.ts";

const ROUNDS = 250;
const MAX_BATCH = 64;

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The id under which a message must be answered by JSON-RPC's rules; undefined for a notification. */
function answeredUnder(message: Json): string | number | null | undefined {
  if (typeof message !== "object" || message === null || Array.isArray(message)) return null;
  const { id, jsonrpc, method, params } = message;
  const hasGoodId = id === null || typeof id === "string" || typeof id === "number";
  const isCall = jsonrpc === "2.0" && typeof method === "string" &&
    (params === undefined || (typeof params === "object" && params !== null));
  if (isCall && !("id" in message)) return undefined;
  return hasGoodId ? id : null;
}

/** How many answers must come under each id. */
function expectedAnswers(frames: readonly Frame[]): Map<string | number | null, number> {
  const counts = new Map<string | number | null, number>();
  const expect = (id: string | number | null | undefined): void => {
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const frame of frames) {
    if (typeof frame !== "string") continue;
    const message = parse(frame);
    const isBatch = Array.isArray(message) && message.length > 0 && message.length <= MAX_BATCH;
    if (isBatch) { for (const each of message) expect(answeredUnder(each)); }
    else expect(answeredUnder(message));
  }
  return counts;
}

async function checkRound(client: SessionClient, frames: readonly Frame[]): Promise<void> {
  for (const frame of frames) client.send(frame);
  const expected = [...expectedAnswers(frames)];
  // Stray chunks are answered under null too.
  const complete = () => expected.every(([id, count]) => client.answersTo(id).length >= count);
  await client.when(() => complete() || undefined, `An answer to each of ${frames.join("\n")}`);
  await untilFree(client.session.core);
  await client.call("server.ping");
  for (const [id, count] of expected) {
    if (id !== null) assertEquals(client.answersTo(id).length, count, `answers to ${id}`);
  }
  for (let id = 0; id < 256; id++) assert(!client.session.incoming.has(id), `array ${id}`);
  client.session.close();
}

Deno.test("Session answers every request once, whatever is wrong with the frames", async (test) => {
  const random = Random.fromClock();
  await test.step(`seed ${random.seed}`, async () => {
    await using started = await startCore({
      threads: 2,
      limits: { arrayTimeoutSeconds: 0.02, jobTimeoutSeconds: 0.1, maxJsonNumbers: 1000 },
    });
    const codes = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const client = started.connect();
      await checkRound(client, mutatedFrames(random));
      for (const { error } of client.messages.flat()) {
        if (error !== undefined) codes.add(error.data.code);
      }
    }
    assertEquals(started.core.budget.held, 0);
    assertEquals(started.core.sessions.size, 0);
    assertEquals(started.logged.filter(({ event }) => event === "defect"), []);
    // The mutations are worth something only if they reach into every corner.
    for (const code of ["PARSE_ERROR", "INVALID_REQUEST", "INVALID_PARAMS", "BAD_CHUNK"]) {
      assert(codes.has(code), `${code} never came`);
    }
  });
});
