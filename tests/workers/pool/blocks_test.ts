import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import type { ArrayRef } from "../../../workers/array.ts";
import { BlockPool } from "../../../workers/block_pool.ts";
import { jobOf, sliceOf, withScheduler } from "./scheduler_fixture.ts";

const MIB = 2 ** 20;

Deno.test("threads forget the blocks that the pool of blocks lets go", () =>
  withScheduler({ threads: 2 }, async ({ scheduler }) => {
    let gone = 0;
    const blocks = new BlockPool(2 * MIB, (buffer) => {
      gone++;
      scheduler.pool.forget(buffer);
    });
    const fill = async (rows: number, clean = true) => {
      const room = blocks.take(rows * 4);
      const filled: ArrayRef = { ...room, dtype: "uint32", shape: [rows] };
      const slice = (start: number, end: number) =>
        sliceOf("fill", {
          params: { rows },
          outputs: { filled },
          dimensions: { rows },
          range: { start, end },
        });
      // One slice for each thread, so that both come to know the block.
      const job = scheduler.submit(jobOf([slice(0, rows - 1), slice(rows - 1, rows)]));
      await job.outcome;
      assertEquals(new Uint32Array(room.buffer, room.byteOffset, rows).at(-1), rows - 1);
      blocks.give(room, clean);
    };
    await scheduler.pool.ping(5000); // Both threads are there.
    for (let round = 0; round < 11; round++) {
      for (const rows of [10, 20_000, 200_000, 400_000]) await fill(rows, round % 3 > 0);
    }
    assert(gone > 10, `${gone} blocks were let go`);
    await scheduler.pool.ping(5000);
    for (const known of scheduler.pool.knownBlocks) {
      assert(known > 0 && known <= 4, `a thread still knows ${known} blocks`);
    }
  }));
