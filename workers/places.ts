/** What a source takes behind its name. */
interface SourceForm {
  /** Whether it can give its values in world space, `mesh.points@world`. */
  world?: true;
}

/**
 * The sources that an input can name; those that end in a colon take a name, `attribute:density`. The Blender extension
 * reads them, and a test holds this table equal to what it can read.
 */
export const SOURCES: Readonly<Record<string, SourceForm>> = {
  "mesh.points": { world: true },
  "mesh.points.evaluated": { world: true },
  "mesh.triangles": {},
  "mesh.triangles.evaluated": {},
  "mesh.edges": {},
  "mesh.edges.evaluated": {},
  "mesh.normals": { world: true },
  "mesh.normals.evaluated": { world: true },
  "mesh.uvs": {},
  "mesh.uvs.evaluated": {},
  "second.points": { world: true },
  "second.triangles": {},
  "second.edges": {},
  "second.normals": { world: true },
  "second.uvs": {},
  "selected.points": { world: true },
  "attribute:": {},
  "vertex_group:": {},
  "objects.matrix_world": {},
  "objects.locations": {},
  "objects.bounds": { world: true },
  "curve.points": { world: true },
  "curve.offsets": {},
  "pointcloud.points": { world: true },
  "file": {},
};

/** What a target takes behind its name. */
interface TargetForm {
  /** What its outputs can be, `mesh.new.triangles`; a target without parts takes one output. */
  parts?: readonly string[];
  /** Whether outputs can also be its attributes, `mesh.new.attribute:height`. */
  attributes?: true;
  /** Whether positions can be in world space, `mesh.points@world`. */
  world?: true;
  /** Whether a name may follow, or must: `shape_key:Bent`. */
  named?: "may" | "must";
}

/** The targets that an output can name, held equal to what the Blender extension can write. */
export const TARGETS: Readonly<Record<string, TargetForm>> = {
  "mesh.points": { world: true },
  "selected.points": { world: true },
  "shape_key": { world: true, named: "may" },
  "attribute": { named: "must" },
  "mesh.copy": { parts: ["points"], attributes: true, world: true },
  "mesh.new": {
    parts: ["edges", "normals", "points", "quads", "triangles", "uvs"],
    attributes: true,
    world: true,
  },
  "objects.matrix_world": {},
  "objects.locations": {},
  "location.add": {},
  "cube.location.add": {},
  "objects.new": { parts: ["matrices", "points", "rotations", "scales"], world: true },
  "instances": {
    parts: ["matrices", "points", "rotations", "scales"],
    attributes: true,
    world: true,
  },
};

/** `attribute:density@face` as head, name and space: what stands before the colon, behind it, and behind an `@`. */
function split(place: string): { head: string; name: string | undefined; at: string | undefined } {
  const [, before = "", name] = place.match(/^([^:]*)(?::(.*))?$/s) ?? [];
  const [, head = "", at] = before.match(/^([^@]*)(@.*)?$/s) ?? [];
  return { head, name, at };
}

function formOf<Form>(table: Readonly<Record<string, Form>>, name: string): Form | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Whether there is such a source. */
export function isSource(place: string): boolean {
  const { head, name, at } = split(place);
  const form = formOf(SOURCES, name === undefined ? head : `${head}:`);
  if (form === undefined || name === "") return false;
  return at === undefined || (at === "@world" && form.world === true);
}

/** Whether there is such a target for the output `output`. */
export function isTarget(place: string, output: string): boolean {
  const { head, name, at } = split(place);
  const dot = formOf(TARGETS, head) === undefined ? head.lastIndexOf(".") : head.length;
  const [base, part] = [head.slice(0, Math.max(dot, 0)), head.slice(dot + 1)];
  const form = formOf(TARGETS, base);
  if (form === undefined || (at !== undefined && !(at === "@world" && form.world))) return false;
  if (form.parts === undefined) {
    if (part !== "") return false;
    return form.named === "must" ? Boolean(name) : name === undefined || form.named === "may";
  }
  if (name !== undefined) return name !== "" && part === "attribute" && form.attributes === true;
  return form.parts.includes(part || output) || (part === "" && form.attributes === true);
}

/** The names of sources or targets as an author writes them: `mesh.points`, `attribute:NAME`. */
export function namesOf(table: Readonly<Record<string, SourceForm | TargetForm>>): string[] {
  return Object.entries(table).map(([name, form]) => {
    if (name.endsWith(":")) return `${name}NAME`;
    return "named" in form && form.named === "must" ? `${name}:NAME` : name;
  });
}
