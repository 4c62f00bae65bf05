/** A file of the repository: its path from the top, with slashes, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

/** What no file may do. `bad` must be found out, so that a rule that sees nothing fails too. */
export interface Rule {
  title: string;
  faults(files: readonly SourceFile[]): string[];
  bad: SourceFile[];
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']/g;

/** What a TypeScript file imports of the repository, by its path from the top. */
export function importsOf({ path, text }: SourceFile): string[] {
  return [...text.matchAll(IMPORT)].map(([, specifier = ""]) => specifier)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => new URL(specifier, `file:///${path}`).pathname.slice(1));
}

const PYTHON_IMPORT = /^\s*(?:from\s+(\.*)([\w.]*)\s+import\s+\(?([\w, ]*)|import\s+([\w., ]+))/gm;

/** What a Python file imports, relative names written out from the top: `addon.scene.read`. */
export function pythonImportsOf({ path, text }: SourceFile): string[] {
  return [...text.matchAll(PYTHON_IMPORT)].flatMap(
    ([, dots = "", from = "", names = "", plain]) => {
      if (plain !== undefined) {
        return plain.split(",").map((name) => name.trim().replace(/ as .*/, ""));
      }
      if (dots === "") return [from];
      const folder = path.split("/").slice(0, -dots.length).join(".");
      const base = [folder, from].filter((part) => part !== "").join(".");
      return from === "" ? names.split(",").map((name) => `${base}.${name.trim()}`) : [base];
    },
  );
}

const isTypeScript = ({ path }: SourceFile) => path.endsWith(".ts");
const isPython = ({ path }: SourceFile) => path.endsWith(".py");

/** Whether `path` is `place` or lies in it. */
function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || (place.endsWith("/") && path.startsWith(place)));
}

export interface Layer {
  /** A file, or a folder with a slash at its end. */
  of: readonly string[];
  /** The local files and folders that it may import. */
  may: readonly string[];
}

/** Nothing is imported but what a file's layer may; what lies in no layer is not looked at. */
export function layerFaults(files: readonly SourceFile[], layers: readonly Layer[]): string[] {
  return files.filter(isTypeScript).flatMap((file) => {
    const layer = layers.find(({ of }) => isIn(file.path, of));
    return layer === undefined ? [] : importsOf(file)
      .filter((imported) => !isIn(imported, layer.may))
      .map((imported) => `${file.path} imports ${imported}`);
  });
}

/** `pattern` stands nowhere in the TypeScript of `where` but in `allowed`. */
export function onlyIn(
  files: readonly SourceFile[],
  pattern: RegExp,
  { where, allowed }: { where: readonly string[]; allowed: readonly string[] },
): string[] {
  return files.filter(isTypeScript)
    .filter(({ path }) => isIn(path, where) && !isIn(path, allowed))
    .filter(({ text }) => pattern.test(text))
    .map(({ path }) => `${path} has ${pattern.source}`);
}

/** Everything that a TypeScript file draws in, by whatever way. */
export function reachableFrom(files: readonly SourceFile[], start: string): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const visit = (path: string): void => {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) return;
    reached.add(path);
    importsOf(file).forEach(visit);
  };
  visit(start);
  return reached;
}

/** No Python file in `where` imports a module, or a part of one, that `forbidden` names. */
export function pythonFaults(
  files: readonly SourceFile[],
  where: string,
  forbidden: readonly string[],
): string[] {
  return files.filter((file) => isPython(file) && file.path.startsWith(where)).flatMap((file) =>
    pythonImportsOf(file)
      .filter((name) => forbidden.some((each) => name === each || name.startsWith(`${each}.`)))
      .map((name) => `${file.path} imports ${name}`)
  );
}

/** Files that are longer than `limit` lines. */
export function lengthFaults(files: readonly SourceFile[], limit: number): string[] {
  return files.filter((file) => isTypeScript(file) || isPython(file))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

/** Files and folders whose names say nothing of what is in them. */
export function nameFaults(files: readonly SourceFile[], forbidden: RegExp): string[] {
  return files.filter(({ path }) => path.split("/").some((part) => forbidden.test(part)))
    .map(({ path }) => `${path} says nothing by its name`);
}
