import { z } from "zod";
import { formatIssues, toIssues } from "../../workers/issues.ts";
import type { PublicEntry } from "../catalogue.ts";

type Schema = z.core.JSONSchema.JSONSchema;

/** What the compiler cannot see in a declaration: sentences, without the file. */
export function declarationFaults({ params, inputs, outputs }: PublicEntry): string[] {
  const properties = (params.properties ?? {}) as Record<string, Schema>;
  const faults: string[] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (property.default === undefined) continue;
    const parsed = z.fromJSONSchema(property).safeParse(property.default);
    if (parsed.success) continue;
    const issues = formatIssues(toIssues(property.default, parsed.error));
    faults.push(`The default of the parameter '${name}' is not one of its values: ${issues}`);
  }
  for (const [name, { dtype }] of Object.entries(outputs)) {
    if (typeof dtype === "string") continue;
    const [what, other, known] = "like" in dtype
      ? ["input", dtype.like, inputs] as const
      : ["parameter", dtype.param, properties] as const;
    if (other in known) continue;
    faults.push(`The output '${name}' has the type of the ${what} '${other}', which there is not`);
  }
  return faults;
}
