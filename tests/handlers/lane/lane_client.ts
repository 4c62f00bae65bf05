import { join } from "node:path";
import { type DType, DTYPES, type TypedArray } from "../../../workers/array.ts";
import { type CoreSetup, StartedCore } from "../started_core.ts";
import type { Json, SessionClient } from "../mod.ts";

/** A core with a lane in a folder of its own. Dispose of it, and the folder is gone. */
export class LaneCore extends StartedCore {
  readonly folder: string;

  constructor(setup: CoreSetup = {}) {
    const folder = Deno.makeTempDirSync({ prefix: "outboard-test-" });
    super({ ...setup, laneFolder: folder });
    this.folder = folder;
  }

  /** The names of the files in the folder. */
  get files(): string[] {
    return [...Deno.readDirSync(this.folder)].map(({ name }) => name).sort();
  }

  /** A session that has said hello and opened its lane. */
  async connectLane(): Promise<LaneClient> {
    const client = this.connect();
    const { lane } = await client.hello();
    const nonce = await Deno.readTextFile(join(lane.folder, "nonce"));
    const { slots, slotBytes } = await client.call("session.lane", { nonce });
    return new LaneClient(client, lane.folder, slots, slotBytes);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true }).catch(() => {});
  }
}

export async function startLaneCore(setup: CoreSetup = {}): Promise<LaneCore> {
  const started = new LaneCore(setup);
  await started.core.start();
  return started;
}

function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** A client that puts arrays into its slots and takes them out again. */
export class LaneClient {
  readonly session: SessionClient;
  readonly slots: number[];
  readonly slotBytes: number;
  readonly #folder: string;

  constructor(session: SessionClient, folder: string, slots: number[], slotBytes: number) {
    this.session = session;
    this.#folder = folder;
    this.slots = slots;
    this.slotBytes = slotBytes;
  }

  fileOf(slot: number): string {
    return join(this.#folder, `slot-${slot}`);
  }

  /** Writes `data` into a slot and declares it. */
  put(
    data: TypedArray,
    { slot, offset, shape }: { slot: number; offset: number; shape: number[] },
  ): Json {
    using file = Deno.openSync(this.fileOf(slot), { write: true });
    file.seekSync(offset, Deno.SeekMode.Start);
    file.writeSync(bytesOf(data));
    const dtype = Object.entries(DTYPES).find(([, { view }]) => data instanceof view)?.[0];
    return { $array: { id: offset, dtype, shape, lane: { slot, offset } } };
  }

  /** The output arrays of an answer, all of which must lie in slots. */
  take(outputs: Record<string, Json>): Record<string, TypedArray> {
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { $array: { dtype, shape, lane } }]) => {
        const { view, bytes } = DTYPES[dtype as DType];
        const data = new view(shape.reduce((a: number, b: number) => a * b, 1));
        using file = Deno.openSync(this.fileOf(lane.slot), { read: true });
        file.seekSync(lane.offset, Deno.SeekMode.Start);
        if (file.readSync(bytesOf(data)) !== data.length * bytes) {
          throw new Error(`Slot ${lane.slot} is too short for '${name}'`);
        }
        return [name, data];
      }),
    );
  }
}
