export { chunksOf, Client, declare, type Json, type Reply } from "./client.ts";
export { begunLatch, latchOf, open, SPIN, untilRunning, WAIT_FOR_LATCH } from "./latch.ts";
export {
  OWN_OPERATIONS,
  SessionClient,
  startCore,
  StartedCore,
  TEST_OPERATIONS,
  testLimits,
  until,
  untilFree,
} from "./started_core.ts";
