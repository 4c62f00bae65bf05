import type { ArrayRef } from "../../workers/array.ts";
import { OutboardError } from "../../workers/errors.ts";
import type { JobOutcome } from "../../workers/job.ts";
import type { LaneTransfer } from "../../workers/lane/lane_transfer.ts";
import type { Slice } from "../../workers/messages.ts";
import { plainOutputs } from "../../workers/plain_outputs.ts";
import { JobLane, type PlacedOutputs } from "../lane/job_lane.ts";
import type { SlotPlace } from "../lane/session_lane.ts";
import type { Limits } from "../limits.ts";
import { type Answer, JsonText } from "../methods/method.ts";
import type { OutgoingArray, Session } from "../session.ts";
import { declareArrays } from "./declare_arrays.ts";
import { EarlyOutputs } from "./early_outputs.ts";
import { type Plan, planJob } from "./plan.ts";
import { RowStream } from "./row_stream.ts";
import { RunningJob } from "./running_job.ts";

export interface RunRequest {
  operation: string;
  params: Record<string, unknown>;
  inputs: Record<string, unknown>;
  job?: string | undefined;
  arrays?: "binary" | "json" | undefined;
  /** Where the outputs may go. */
  lane?: SlotPlace | undefined;
  /** Outputs may be sent before the answer, where the operation allows it. */
  partial?: boolean | undefined;
}

/** Refuses what there is no room for, before anything is allocated. */
function admit(session: Session, { operation, job }: RunRequest): void {
  const { limits, scheduler, stopping } = session.core;
  if (stopping) throw new OutboardError("CANCELLED", "The server is shutting down");
  if (job !== undefined && session.jobNamed(job) !== undefined) {
    throw new OutboardError(
      "DUPLICATE_JOB",
      `Cannot run '${operation}': an unfinished job is named '${job}' already`,
      { job },
    );
  }
  if (session.jobs.size >= limits.maxSessionJobs) {
    throw new OutboardError(
      "BUSY",
      `Cannot run '${operation}': this session has ${limits.maxSessionJobs} unfinished jobs already`,
      { retryAfterMs: scheduler.retryAfterMs() },
    );
  }
}

/** @throws {OutboardError} INVALID_ARRAY when an id is in use: its chunks could not be told apart */
function checkIds(session: Session, { entry, inputs }: Plan): void {
  const ids = new Set<number>();
  for (const { name, from } of inputs) {
    if (!("id" in from)) continue;
    if (ids.has(from.id) || session.incoming.has(from.id)) {
      throw new OutboardError(
        "INVALID_ARRAY",
        `Cannot run '${entry.name}': array id ${from.id} of '${name}' is in use already`,
        { input: name, array: from.id },
      );
    }
    ids.add(from.id);
  }
}

function toSlices(
  plan: Plan,
  { job, lane }: { job: RunningJob; lane: JobLane | undefined },
  { maxArrayBytes, maxJsonNumbers }: Limits,
): Slice[] {
  const outputs = job.allocateOutputs();
  const transfers = lane?.transfers(plan.ranges.length, (words) => job.allocateWords(words));
  // Of a job in several parts no thread has it all.
  const plain = plan.json && plan.ranges.length === 1 ? { plainNumbers: maxJsonNumbers } : {};
  return plan.ranges.map((range, index) => ({
    module: plan.entry.module,
    name: plan.entry.name,
    params: plan.params,
    inputs: job.inputs,
    outputs,
    dimensions: plan.dimensions,
    range,
    ...(transfers === undefined ? {} : { lane: transfers[index] as LaneTransfer }),
    maxArrayBytes,
    ...plain,
  }));
}

/** Declares outputs that lie in a slot already. */
function declarePlaced(
  session: Session,
  outputs: Record<string, ArrayRef>,
  places: PlacedOutputs,
) {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dtype, shape }]) => {
      const id = session.nextArrayId();
      return [name, { $array: { id, dtype, shape, lane: places[name] } }];
    }),
  );
}

/** Declares the outputs as binary arrays; `allSent` fulfils when the last byte of the last one has gone. */
function declareOutputs(session: Session, outputs: Record<string, ArrayRef>) {
  const arrays: OutgoingArray[] = [];
  const sent: Promise<void>[] = [];
  const ids: Record<string, number> = {};
  for (const [name, ref] of Object.entries(outputs)) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const id = ids[name] = session.nextArrayId();
    arrays.push({ id, ref, sent: resolve });
    sent.push(promise);
  }
  const declared = declareArrays(outputs, ids);
  return { outputs: JSON.stringify(declared), arrays, allSent: Promise.all(sent) };
}

/** A job on its way, and what becomes of its arrays beside being computed. */
interface Course {
  plan: Plan;
  job: RunningJob;
  lane: JobLane | undefined;
  early: EarlyOutputs | undefined;
}

async function compute(session: Session, request: RunRequest, { plan, job, lane, early }: Course) {
  const { scheduler, limits, log } = session.core;
  const rows = plan.streams ? new RowStream(scheduler, plan) : undefined;
  const inputs = job.receiveInputs((name, bytes) => rows?.arrived(name, bytes));
  await (rows === undefined ? inputs : Promise.race([inputs, rows.begun]));
  const work = scheduler.submit({
    session: session.id,
    operation: request.operation,
    ...(request.job === undefined ? {} : { job: request.job }),
    slices: toSlices(plan, { job, lane }, limits),
    timeoutMs: limits.jobTimeoutSeconds * 1000,
    onProgress: (fraction, message) => {
      // An answered job may run on until it sees the cancel; its name may already be another job's.
      if (request.job === undefined || !session.jobs.has(job)) return;
      session.notify("jobs.progress", {
        job: request.job,
        fraction,
        ...(message === undefined ? {} : { message }),
      });
    },
    ...(rows === undefined ? {} : { held: true }),
    ...(early === undefined ? {} : { onSlice: (index: number) => early.send(index) }),
    onStack: (stack) =>
      log({ event: "operation-failed", level: "warn", message: session.core.thaw(stack) }),
  });
  job.attach(work);
  rows?.feed(work);
  inputs.catch((error: OutboardError) => work.cancel(error));
  const outcome: JobOutcome = await work.outcome;
  job.adopt(outcome.allocated);
  return outcome;
}

/** Runs a job from request to answer. Everything up to declaring its arrays happens before the first wait. */
export function runJob(session: Session, request: RunRequest): Promise<Answer> {
  const received = performance.now();
  const { core } = session;
  admit(session, request);
  const compiled = core.catalogue.find(request.operation);
  if (compiled === undefined) {
    const known = core.catalogue.operations.map(({ name }) => name).join(", ");
    throw new OutboardError(
      "UNKNOWN_OPERATION",
      `Cannot run '${request.operation}': the operations are ${known}`,
      { operation: request.operation },
    );
  }
  const { missing } = compiled.entry;
  if (missing !== undefined) {
    throw new OutboardError(
      "NOT_PERMITTED",
      `Cannot run '${request.operation}': it wants more than this server allows; ` +
        `start the server with ${missing.join(" ")}`,
      { missing },
    );
  }
  const json = (request.arrays ?? (session.client === undefined ? "json" : "binary")) === "json";
  const threads = core.scheduler.pool.size;
  const plan = planJob(compiled, request, {
    limits: core.limits,
    threads,
    json,
    partial: request.partial === true && request.lane === undefined,
  });
  checkIds(session, plan);
  const lane = JobLane.plan(session, plan, json ? undefined : request.lane);
  const job = new RunningJob(session, request.job, plan, { words: lane?.words ?? 0 });
  const early = plan.streams && request.job !== undefined
    ? new EarlyOutputs(session, request.job, { plan, job })
    : undefined;
  const course: Course = { plan, job, lane, early };
  const validateMs = performance.now() - received;
  return answer();

  /** @param text The outputs as JSON, where a thread has written them already */
  function declare(text: string | undefined) {
    const placed = lane?.placed(job.outputs);
    if (!json && placed === undefined) return declareOutputs(session, job.outputs);
    const outputs = placed === undefined
      ? text ?? plainOutputs(job.outputs, core.limits.maxJsonNumbers)
      : JSON.stringify(declarePlaced(session, job.outputs, placed));
    return { outputs, arrays: [], allSent: Promise.resolve() };
  }

  async function answer(): Promise<Answer> {
    let sent: Promise<unknown> = Promise.resolve();
    try {
      const { queueMs, computeMs, text } = await compute(session, request, course);
      const { outputs, arrays, allSent } = early?.answer() ?? declare(text);
      sent = allSent;
      const totalMs = performance.now() - received;
      const timings = { validateMs, queueMs, computeMs, totalMs };
      const result = `{"operation":${JSON.stringify(request.operation)},"outputs":${outputs},` +
        `"params":${JSON.stringify(plan.params)},"timings":${JSON.stringify(timings)}}`;
      return { result: new JsonText(result), arrays };
    } catch (error) {
      sent = early?.abandon() ?? sent;
      lane?.abandon();
      throw error;
    } finally {
      void job.finish(sent);
    }
  }
}
