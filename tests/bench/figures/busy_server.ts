import { ArrayClient } from "../clients/array_client.ts";
import { madePoints, transformJob } from "../clients/made_points.ts";
import { type Stage, THREADS } from "../stage.ts";

const POINTS = 4_000_000;

/** A server whose every thread loops for ever, and to which 48 MB arrays come one after the other. */
export async function withBusyServer(
  stage: Stage,
): Promise<{ url: string; end(): Promise<void> }> {
  const server = await stage.outboard("busy");
  const client = await ArrayClient.greet(server);
  const spinning = Array.from({ length: THREADS }, (_, number) => {
    const job = `spin ${number}`;
    return { job, answer: client.start({ operation: "spin", job }) };
  });
  await untilRunning(client, THREADS);
  const points = madePoints(stage.quick ? POINTS / 10 : POINTS);
  let ended = false;
  const uploading = (async () => {
    for (let step = 0; !ended; step++) {
      const job = `upload ${step}`;
      const answer = client.start({ ...transformJob(points, step), job });
      // Answered behind the bytes, so they have all arrived.
      await client.request("server.ping", {});
      await client.request("jobs.cancel", { job });
      await expectCancelled(answer);
    }
  })();
  return {
    url: `${server.url}?token=${server.token}`,
    async end() {
      ended = true;
      await uploading;
      for (const { job } of spinning) await client.request("jobs.cancel", { job });
      for (const { answer } of spinning) await expectCancelled(answer);
      await client.close();
    },
  };
}

async function untilRunning(client: ArrayClient, count: number): Promise<void> {
  for (;;) {
    const { result } = await client.request("server.status", {});
    const jobs = result?.jobs as { running: unknown[] };
    if (jobs.running.length === count) return;
  }
}

async function expectCancelled(answer: ReturnType<ArrayClient["request"]>): Promise<void> {
  const { error } = await answer;
  if (error?.data.code !== "CANCELLED") {
    throw new Error(`A cancelled job was answered with ${error?.message ?? "a result"}`);
  }
}
