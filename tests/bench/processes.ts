import type { Child } from "./child.ts";

/** What the system says of processes. */
export class Processes {
  readonly #child: Child;

  constructor(child: Child) {
    this.#child = child;
  }

  /** A process and all that it started, parents first. */
  family(pid: number): Promise<number[]> {
    return this.#child.ask("family", { pid });
  }

  /** How much of a core some processes take while `wait` runs, in percent. */
  async coreShare(pids: readonly number[], wait: () => Promise<unknown>): Promise<number> {
    const before = await this.#child.ask("cpu_seconds", { pids });
    const begun = performance.now();
    await wait();
    const ms = performance.now() - begun;
    return (await this.#child.ask("cpu_seconds", { pids }) - before) / ms * 100_000;
  }

  /** The memory of a process that is in use now, in MiB. */
  residentMib(pid: number): Promise<number> {
    return this.#child.ask("resident_mib", { pid });
  }

  /** The most memory that a process had in use since {@linkcode forgetPeak}, in MiB. */
  peakMib(pid: number): Promise<number> {
    return this.#child.ask("peak_mib", { pid });
  }

  async forgetPeak(pid: number): Promise<void> {
    await this.#child.ask("forget_peak", { pid });
  }
}
