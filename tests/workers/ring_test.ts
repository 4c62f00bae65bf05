import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { raiseCancel } from "../../workers/cancel_signal.ts";
import { Doorbell } from "../../workers/doorbell.ts";
import { Ring, SLOTS, STATE } from "../../workers/ring.ts";
import { serveRing } from "../../workers/serve_ring.ts";

Deno.test("Ring.read() gives the text that the other side wrote, whatever is in it", () => {
  const main = new Ring();
  const thread = new Ring(main.buffer);
  const longest = "x".repeat(4072);
  for (const text of ["{}", "", "Größe 三角 🧊", "\u0000\n", longest, "ä".repeat(2036)]) {
    assert(main.write(5, text));
    assertEquals(thread.read(5), text);
  }
  for (const text of [`${longest}x`, "ä".repeat(2037), "🧊".repeat(1019)]) {
    assertEquals(main.write(5, text), false);
    assertEquals(thread.read(5), "");
  }
});

Deno.test("Ring keeps the words and the texts of its slots apart", () => {
  const ring = new Ring();
  for (let request = 0; request < SLOTS; request++) {
    assert(ring.write(request, `${request}`.padEnd(4072, "x")));
    ring.setTime(request, request / 3);
    ring.setState(request, STATE.QUEUED);
    if (request % 2 === 1) raiseCancel(ring.cancelFlag(request));
  }
  for (let request = 0; request < SLOTS; request++) {
    assertEquals(ring.read(request), `${request}`.padEnd(4072, "x"));
    assertEquals(ring.timeOf(request), request / 3);
    assertEquals(ring.stateOf(request), STATE.QUEUED);
    assertEquals([...ring.cancelFlag(request)], [request % 2]);
  }
  assertEquals(ring.stateOf(SLOTS + 3), ring.stateOf(3));
});

Deno.test("Ring gives a request either to the thread or back to main", () => {
  const ring = new Ring();
  ring.setState(0, STATE.QUEUED);
  assertEquals([ring.begin(0), ring.withdraw(0)], [true, false]);
  ring.setState(1, STATE.QUEUED);
  assertEquals([ring.withdraw(1), ring.begin(1)], [true, false]);
});

Deno.test("serveRing() runs the requests in their order and passes over those taken back", async () => {
  const ring = new Ring();
  const bell = new Doorbell(new SharedArrayBuffer(Doorbell.BYTES));
  const run: number[] = [];
  const total = 3 * SLOTS;
  const isTakenBack = (request: number) => request % 5 === 0;
  void serveRing(ring, bell, (request) => {
    run.push(request);
    return Promise.resolve(STATE.DONE);
  });
  // Whoever waits in shared memory does not keep the process awake.
  const awake = setInterval(() => {}, 1000);
  let asked = 0;
  let answered = 0;
  const states: number[] = [];
  const isAnswered = () => {
    const state = ring.stateOf(answered);
    return state === STATE.DONE || state === STATE.PASSED;
  };
  while (answered < total) {
    for (; asked < total && asked - answered < SLOTS; asked++) {
      ring.setState(asked, STATE.QUEUED);
      if (isTakenBack(asked)) assert(ring.withdraw(asked));
      ring.bell.ring();
    }
    if (!isAnswered()) await bell.wait(isAnswered);
    for (; answered < asked && isAnswered(); answered++) {
      states.push(ring.stateOf(answered));
      ring.setState(answered, STATE.FREE);
    }
  }
  clearInterval(awake);
  const requests = Array.from({ length: total }, (_, request) => request);
  assertEquals(run, requests.filter((request) => !isTakenBack(request)));
  assertEquals(states, requests.map((each) => isTakenBack(each) ? STATE.PASSED : STATE.DONE));
});
