/** Rooms of one size in one block, for jobs that are too small for a block of their own. */
export class Slab {
  readonly buffer: SharedArrayBuffer;
  readonly #rooms: number;
  /** Where the rooms that are not in use begin. */
  readonly #free: number[];
  #spoilt = false;

  constructor(buffer: SharedArrayBuffer, roomBytes: number) {
    this.buffer = buffer;
    this.#rooms = Math.floor(buffer.byteLength / roomBytes);
    // The lowest on top: pages that were never touched stay so.
    this.#free = Array.from({ length: this.#rooms }, (_, room) => room * roomBytes).reverse();
  }

  get freeRooms(): number {
    return this.#spoilt ? 0 : this.#free.length;
  }

  get inUse(): boolean {
    return this.#free.length < this.#rooms;
  }

  get spoilt(): boolean {
    return this.#spoilt;
  }

  /** Where the room begins that has just been taken; undefined when there is none. */
  take(): number | undefined {
    return this.#spoilt ? undefined : this.#free.pop();
  }

  /** Gives a room back. One that a killed thread may still write into spoils the slab: nothing more is taken of it. */
  give(byteOffset: number, clean: boolean): void {
    this.#free.push(byteOffset);
    this.#spoilt ||= !clean;
  }
}
