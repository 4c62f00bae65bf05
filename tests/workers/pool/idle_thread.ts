/** A worker with nothing to do. */
export default function nothing(): void {}
