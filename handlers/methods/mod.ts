import { jobsCancel } from "./jobs_cancel.ts";
import { jobsRun } from "./jobs_run.ts";
import type { Method } from "./method.ts";
import { operationsList } from "./operations_list.ts";
import { serverPing } from "./server_ping.ts";
import { serverStatus } from "./server_status.ts";
import { sessionHello } from "./session_hello.ts";
import { sessionLane } from "./session_lane.ts";

/** Every method of the wire. */
export const METHODS: ReadonlyMap<string, Method> = new Map([
  ["session.hello", sessionHello],
  ["session.lane", sessionLane],
  ["server.ping", serverPing],
  ["server.status", serverStatus],
  ["operations.list", operationsList],
  ["jobs.run", jobsRun],
  ["jobs.cancel", jobsCancel],
]);
