/** Things that come by number, perhaps when somebody already waits for them. */
export class Arrivals<T> {
  readonly #come = new Map<number, T>();
  readonly #awaited = new Map<number, PromiseWithResolvers<T>>();

  /** How many have come and are kept. */
  get size(): number {
    return this.#come.size;
  }

  come(number: number, thing: T): void {
    this.#come.set(number, thing);
    this.#awaited.get(number)?.resolve(thing);
    this.#awaited.delete(number);
  }

  /** The thing under this number, now or when it comes. One may wait for it at a time. */
  get(number: number): T | Promise<T> {
    const thing = this.#come.get(number);
    if (thing !== undefined) return thing;
    const awaited = Promise.withResolvers<T>();
    this.#awaited.set(number, awaited);
    return awaited.promise;
  }

  forget(number: number): void {
    this.#come.delete(number);
  }
}
