import { ArrayClient } from "../clients/array_client.ts";
import { checkSame, checkTransformed, madePoints, transformJob } from "../clients/made_points.ts";
import type { Figure } from "../figure.ts";
import type { Stage } from "../stage.ts";

const section = "Large arrays through the socket";
const OURS = "transform_points, 12 MB there and 12 MB back";
const CHUNKS = "a bare server that sends back every chunk of 1 MiB";

function count(stage: Stage): number {
  return stage.quick ? 100_000 : 1_000_000;
}

async function timed<T>(run: () => Promise<T>, check: (came: T) => void): Promise<number> {
  const begun = performance.now();
  const came = await run();
  const ms = performance.now() - begun;
  check(came);
  return ms;
}

/** An array there and back again, in chunks or whole. */
async function bareEcho(stage: Stage, how: "echo" | "echoWhole") {
  const client = await ArrayClient.open(await stage.echo());
  const points = madePoints(count(stage));
  return {
    ours: () => timed(() => client[how](points), (came) => checkSame(came, points)),
    end: () => client.close(),
  };
}

export const SOCKET: Figure[] = [
  {
    name: "socket_deno",
    section,
    title: "One million points through a job, from a Deno client",
    ours: OURS,
    reference: CHUNKS,
    unit: "ms",
    goal: { of: "ratio", most: 1.5 },
    limits: "The socket: every byte is masked, unmasked and copied between processes. Sending " +
      "back begins when the last byte has come, where the bare server begins at once; sending rows " +
      "as they are done (jobs.partial) was measured to take no less on two cores, where client, " +
      "server and threads share them.",
    async start(stage) {
      const client = await ArrayClient.greet(await stage.outboard());
      const echo = await bareEcho(stage, "echo");
      const points = madePoints(count(stage));
      let step = 0;
      return {
        ours: () => {
          const job = transformJob(points, ++step);
          return timed(() => client.run(job), (came) => checkTransformed(came, points, step));
        },
        reference: echo.ours,
        async end() {
          await client.close();
          await echo.end();
        },
      };
    },
  },
  {
    name: "socket_whole_frame",
    section,
    title: "For comparison: the same bytes sent back as one frame of 12 MB",
    ours: "a bare server that sends back the whole frame",
    reference: CHUNKS,
    unit: "ms",
    limits: "One large frame is buffered whole at each stop on its way; chunks are under way on " +
      "all of them at once.",
    async start(stage) {
      const [whole, chunks] = [await bareEcho(stage, "echoWhole"), await bareEcho(stage, "echo")];
      return {
        ours: whole.ours,
        reference: chunks.ours,
        async end() {
          await whole.end();
          await chunks.end();
        },
      };
    },
  },
  {
    name: "socket_python",
    section,
    title: "One million points through a job, from a Python client",
    ours: OURS,
    reference: `${CHUNKS}, same client`,
    unit: "ms",
    goal: { of: "ratio", most: 1.5 },
    limits: "The Python client, which masks and copies every chunk on one thread while another " +
      "one reads.",
    async start(stage) {
      const client = await stage.client();
      const [url, echo] = [await stage.usualUrl(), await stage.echo()];
      return {
        ours: () => client.ask("transform_chunks", { url, count: count(stage) }),
        reference: () => client.ask("echo_chunks", { url: echo, count: count(stage) }),
      };
    },
  },
];
