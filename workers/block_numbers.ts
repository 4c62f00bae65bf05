/** Every block of shared memory that threads hear of has a number. */
export class BlockNumbers {
  readonly #numbers = new WeakMap<SharedArrayBuffer, number>();
  #last = 0;

  /** The number of `buffer`, given out at the first asking. */
  of(buffer: SharedArrayBuffer): number {
    const known = this.#numbers.get(buffer);
    if (known !== undefined) return known;
    this.#numbers.set(buffer, ++this.#last);
    return this.#last;
  }
}
