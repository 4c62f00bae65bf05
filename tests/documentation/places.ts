/** What sources and targets in a scene are called in the documentation. */

const SOURCES: Record<string, string> = {
  "mesh.points": "the active mesh's points",
  "mesh.triangles": "the active mesh's triangles",
  "mesh.edges": "the active mesh's edges",
  "mesh.normals": "the active mesh's normals",
  "mesh.uvs": "the active mesh's UV map",
  "second.points": "the second object's points",
  "second.points@world": "the second object's points, in world space",
  "second.triangles": "the second object's triangles",
  "objects.matrix_world": "the selected objects' world matrices",
  "objects.bounds": "the boxes around the selected objects",
  "file": "the chosen .csv or .npy file",
};

const TARGETS: Record<string, string> = {
  "mesh.points": "the active mesh's points",
  "mesh.new": "a new mesh object",
  "objects.matrix_world": "the selected objects' world matrices",
  "location.add": "moves the selected objects",
  "instances": "instances of the chosen object",
};

/** Where an input comes from, in words. @throws {RangeError} When there are none for it */
export function sourceInWords(source: string | undefined): string {
  return inWords(SOURCES, source, "only from Python");
}

/** Where an output goes, in words. @throws {RangeError} When there are none for it */
export function targetInWords(target: string | undefined): string {
  return inWords(TARGETS, target, "only to Python");
}

function inWords(words: Record<string, string>, place: string | undefined, none: string): string {
  if (place === undefined) return none;
  const [head, name] = place.split(":");
  if (head === "attribute") return `the active mesh's attribute \`${name}\``;
  const found = words[place];
  if (found === undefined) {
    throw new RangeError(`Cannot describe '${place}': wanted words for it in places.ts`);
  }
  return found;
}
