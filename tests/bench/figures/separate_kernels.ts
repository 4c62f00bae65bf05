import type { Sides } from "../figure.ts";
import type { KernelTask } from "../references/kernel_worker.ts";
import type { Stage } from "../stage.ts";

const TASKS = new URL("../references/kernel_worker.ts", import.meta.url);

/** A thread that runs a kernel when asked. */
class KernelWorker {
  readonly #worker = new Worker(TASKS, { type: "module" });

  /** @returns What the kernel took, in ms @throws {Error} When its values are wrong */
  run(task: KernelTask): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<number>) =>
        data > 0 ? resolve(data) : reject(new Error(`The kernel '${task.kernel}' is wrong`));
      this.#worker.onerror = ({ message }) => reject(new Error(message));
      this.#worker.postMessage(task);
    });
  }

  end(): void {
    this.#worker.terminate();
  }
}

/** One thread that does all rows, against two that share nothing and do half of them each: what two cores are worth. */
export function separateKernels(stage: Stage, kernel: KernelTask["kernel"], rows: number): Sides {
  const workers = [new KernelWorker(), new KernelWorker()] as const;
  const count = stage.quick ? rows / 100 : rows;
  return {
    ours: () => workers[0].run({ kernel, count }),
    async reference() {
      const halves = workers.map((worker) => worker.run({ kernel, count: count / 2 }));
      return Math.max(...await Promise.all(halves));
    },
    end() {
      for (const worker of workers) worker.end();
      return Promise.resolve();
    },
  };
}
