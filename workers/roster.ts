/**
 * A small set, in the order of coming, for things that come and go all the time.
 *
 * Not a Set: when V8's grows or shrinks, the old table keeps a link to the new one. Once a full collection has moved such
 * a table into the old generation, every younger one and all that was ever in it outlives the quick collections, which
 * then take tens of milliseconds. The same goes for a Map.
 */
export class Roster<T> {
  readonly #members: T[] = [];

  get size(): number {
    return this.#members.length;
  }

  get first(): T | undefined {
    return this.#members[0];
  }

  add(member: T): void {
    this.#members.push(member);
  }

  /** @returns Whether it was there */
  delete(member: T): boolean {
    // Mostly the oldest goes first.
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
    return index >= 0;
  }

  has(member: T): boolean {
    return this.#members.includes(member);
  }

  find(predicate: (member: T) => boolean): T | undefined {
    return this.#members.find(predicate);
  }

  clear(): void {
    this.#members.length = 0;
  }

  /** Goes over those that are there now, whatever comes or goes meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#members][Symbol.iterator]();
  }
}
