import { Random } from "../../handlers/random.ts";
import { type Answer, ArrayClient } from "../clients/array_client.ts";
import { checkTransformed, madePoints, transformJob } from "../clients/made_points.ts";
import { slope, type Summary } from "../statistics.ts";

/** Jobs that wait for ever are stopped after half a second. */
export const SOAK_FLAGS = ["--job-timeout", "0.5"];

const SEED = 20261122;
const IN_FLIGHT = 8;
const MOST_POINTS = 200_000;
/** Looks at the server's memory. */
const LOOKS = 200;

interface Server {
  url: string;
  token: string;
}

function expectError({ error }: Answer, code: string): void {
  if (error?.data.code === code) return;
  throw new Error(`Wanted ${code}, got ${error?.data.code ?? "a result"}: ${error?.message ?? ""}`);
}

const LATCH = { latch: [0, 0] };

/** Runs jobs of mixed sizes, some of which end badly. */
class Mix {
  readonly #server: Server;
  readonly #client: ArrayClient;
  readonly #random = new Random(SEED);
  readonly #points = madePoints(MOST_POINTS);

  constructor(server: Server, client: ArrayClient) {
    this.#server = server;
    this.#client = client;
  }

  async one(number: number): Promise<void> {
    // Long ones are rare, for each takes a thread for half a second.
    if (number % 500 === 250) return await this.#timedOut();
    const kind = this.#random.below(20);
    if (kind === 0) await this.#cancelled(`cancelled ${number}`);
    else if (kind === 1) await this.#failed();
    else if (kind === 2) await this.#abandoned(number);
    else await this.#transformed(number);
  }

  /** As many small ones as large ones, by powers of ten. */
  #some(): Float32Array<ArrayBuffer> {
    const count = Math.ceil(MOST_POINTS ** (this.#random.below(1000) / 1000));
    return this.#points.slice(0, 3 * count);
  }

  async #transformed(number: number): Promise<void> {
    const points = this.#some();
    checkTransformed(await this.#client.run(transformJob(points, number)), points, number);
  }

  async #cancelled(job: string): Promise<void> {
    const answer = this.#client.request("jobs.run", {
      ...{ operation: "wait_for_latch", job, inputs: LATCH },
    });
    await this.#client.request("jobs.cancel", { job });
    expectError(await answer, "CANCELLED");
  }

  async #failed(): Promise<void> {
    const params = { how: "exception" };
    expectError(await this.#client.start({ operation: "fail", params }), "OPERATION_FAILED");
  }

  async #timedOut(): Promise<void> {
    const job = { operation: "wait_for_latch", inputs: LATCH };
    expectError(await this.#client.request("jobs.run", job), "TIMEOUT");
  }

  /** A client that goes away in the middle of sending. */
  async #abandoned(number: number): Promise<void> {
    const client = await ArrayClient.greet(this.#server);
    client.start(transformJob(this.#points, number), 0.5);
    await client.close();
  }
}

/**
 * Runs `count` jobs and watches the server's memory in MiB.
 *
 * @returns The slope over the second half, in MiB per thousand jobs, with its confidence interval; all that was seen as
 * samples
 */
export async function mixedJobs(
  server: Server,
  count: number,
  memory: () => Promise<number>,
): Promise<Summary> {
  const client = await ArrayClient.greet(server);
  const mix = new Mix(server, client);
  const seen: number[] = [];
  const every = Math.max(1, Math.floor(count / LOOKS));
  let next = 0;
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
    while (next < count) {
      const number = ++next;
      await mix.one(number);
      if (number % every === 0) seen.push(await memory());
    }
  }));
  await client.close();
  const half = Math.floor(seen.length / 2);
  const at = seen.map((_, look) => (look + 1) * every / 1000);
  return { ...slope(at.slice(half), seen.slice(half)), samples: seen };
}
