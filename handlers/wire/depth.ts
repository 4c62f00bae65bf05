/** Whether `value`, which came out of JSON.parse, has more than `levels` levels of lists and objects. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeperThan(item, levels - 1)) return true;
  }
  return false;
}
