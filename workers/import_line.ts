const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)(["'])(?<specifier>[^"'\n]+)\1/g;

/** `three` for `npm:three@0.187.0/examples/x.js`, `@scope/name` for `npm:@scope/name`. */
function packageOf(specifier: string): string {
  return specifier.replace(/^(?:npm|jsr):\/?/, "").match(/^(?:@[^/]+\/)?[^@/]+/)?.[0] ?? specifier;
}

/**
 * The line of the import that a loader complains of, where its message quotes a specifier or a package and tells no
 * line itself.
 */
export function importLine(source: string, message: string): number | undefined {
  const quoted = new Set([...message.matchAll(/["']([^"'\n]+)["']/g)].map(([, text]) => text));
  for (const { groups, index } of source.matchAll(IMPORT)) {
    const specifier = groups?.specifier ?? "";
    if (!quoted.has(specifier) && !quoted.has(packageOf(specifier))) continue;
    return source.slice(0, index).split("\n").length;
  }
  return undefined;
}
