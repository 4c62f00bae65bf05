import { assertEquals } from "@std/assert/equals.js";
import { importLine } from "../../workers/import_line.ts";

const SOURCE = `import { z } from "outboard";
import three from "npm:three@0.187.0/src/Three.js";
import thing from "npm:@scope/thing@1";
const late = await import('lodash');
`;

Deno.test("importLine() finds the import that a message quotes, whole or by its package", () => {
  for (
    const [message, line] of [
      ['Import "lodash" not a dependency', 4],
      ["npm package 'three' does not exist.", 2],
      ["npm package '@scope/thing' does not exist.", 3],
      ["Import 'npm:@scope/thing@1' failed", 3],
      ["npm package 'thing' does not exist.", undefined],
      ["three is not defined", undefined],
    ] as const
  ) {
    assertEquals(importLine(SOURCE, message), line, message);
  }
});
