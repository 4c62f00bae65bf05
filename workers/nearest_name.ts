/** How many letters must be put in, taken out or exchanged to make `b` of `a`. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let column = 1; column <= b.length; column++) {
      const exchanged = before[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      now.push(Math.min(exchanged, before[column]! + 1, now[column - 1]! + 1));
    }
    before = now;
  }
  return before[b.length]!;
}

/** Of `known` the name that `name` was most likely meant to be: at most a third of its letters differ. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.floor(Math.max(name.length, 3) / 3) + 1;
  for (const candidate of known) {
    const far = distance(name, candidate);
    if (far >= least) continue;
    nearest = candidate;
    least = far;
  }
  return nearest;
}

/** What there is in place of `name`: `did you mean 'softMin'? There are unit, softMin` */
export function amongst(name: string, known: readonly string[]): string {
  const list = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
  const nearest = nearestName(name, known);
  return nearest === undefined ? list : `did you mean '${nearest}'? T${list.slice(1)}`;
}
