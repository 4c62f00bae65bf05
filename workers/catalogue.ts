import { z } from "zod";
import { declarationFaults } from "./declaration_faults.ts";
import type { AnyOperation, InputSpec, OutputSpec, Permissions } from "./operation.ts";

/** One operation as the rest of the world sees it: plain JSON, made in a thread from the author's file. */
export interface CatalogueEntry {
  name: string;
  title: string;
  description: string;
  /** Where the panel lists it. */
  category: string;
  /** JSON Schema of what a request may send; see `z.toJSONSchema`. */
  params: Record<string, unknown>;
  inputs: Record<string, InputSpec>;
  outputs: Record<string, OutputSpec>;
  /** What it wants to be allowed. */
  permissions?: Permissions;
  /** The flags of the server without which it may not run. */
  missing?: string[];
  split?: string;
  rowwise?: boolean;
  /** What threads import it from. Stays on the server. */
  module: string;
}

/** What a file may be called that holds an operation. */
export const NAME = /^[a-z][a-z0-9_]{0,47}$/;

/** The operation that `module` exports, or an error that says what is missing. Runs in a thread, never on main. */
export async function loadOperation(module: string): Promise<AnyOperation> {
  const exported = (await import(module)).default as AnyOperation | undefined;
  if (typeof exported?.run !== "function" || !(exported.params instanceof z.ZodObject)) {
    throw new TypeError("No operation: wanted `export default defineOperation({...})`");
  }
  return exported;
}

/** The flags that the user would have to give the server before the operation may run. */
function missingPermissions({ permissions = {} }: AnyOperation): string[] {
  const wanted = [
    ...(permissions.net ?? []).map((host) => ["--allow-net", { name: "net", host }] as const),
    ...(permissions.read ?? []).map((path) => ["--allow-read", { name: "read", path }] as const),
  ];
  return wanted
    .filter(([, descriptor]) => Deno.permissions.querySync(descriptor).state !== "granted")
    .map(([flag, descriptor]) =>
      `${flag}=${"host" in descriptor ? descriptor.host : descriptor.path}`
    );
}

/**
 * What the rest of the world sees of the operation in `module`.
 *
 * @throws {Error} Whatever the file throws, or what is wrong with its declaration
 */
export async function describeOperation(name: string, module: string): Promise<CatalogueEntry> {
  if (!NAME.test(name)) {
    throw new RangeError(
      `Cannot name an operation '${name}': wanted a file name of small letters, digits and _, ` +
        "beginning with a letter, at most 48",
    );
  }
  const operation = await loadOperation(module);
  const { $schema: _dialect, ...params } = z.toJSONSchema(operation.params, { io: "input" });
  const faults = declarationFaults(operation, params);
  if (faults.length > 0) throw new TypeError(faults.join("; "));
  const missing = missingPermissions(operation);
  const { title, description, category = "General", inputs, outputs, permissions } = operation;
  const { split, rowwise } = operation;
  return {
    name,
    title,
    description,
    category,
    params,
    inputs,
    outputs,
    ...(permissions === undefined ? {} : { permissions }),
    ...(missing.length === 0 ? {} : { missing }),
    ...(split === undefined ? {} : { split }),
    ...(rowwise === undefined ? {} : { rowwise }),
    module,
  };
}
