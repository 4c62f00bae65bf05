import { z } from "zod";
import type { InputSpec, Operation, OutputSpec } from "./operation.ts";

/** One operation as the rest of the world sees it: plain JSON, made in a thread from the author's file. */
export interface CatalogueEntry {
  name: string;
  title: string;
  description: string;
  /** JSON Schema of what a request may send; see `z.toJSONSchema`. */
  params: Record<string, unknown>;
  inputs: Record<string, InputSpec>;
  outputs: Record<string, OutputSpec>;
  split?: string;
  /** The file URL of the operation. Stays on the server. */
  module: string;
}

export interface LoadFailure {
  file: string;
  reason: string;
}

const NAME = /^[a-z][a-z0-9_]{0,47}$/;

/** The operation that `module` exports, or an error that says what is missing. Runs in a thread, never on main. */
export async function loadOperation(module: string): Promise<Operation> {
  const exported = (await import(module)).default as Operation | undefined;
  if (typeof exported?.run !== "function" || !(exported.params instanceof z.ZodObject)) {
    throw new TypeError("No operation: wanted `export default defineOperation({...})`");
  }
  return exported;
}

function describe(module: string, operation: Operation): CatalogueEntry {
  const name = module.slice(module.lastIndexOf("/") + 1).replace(/\.ts$/, "");
  if (!NAME.test(name)) {
    throw new RangeError(`The file name is the operation's name: wanted ${NAME}, got '${name}'`);
  }
  const { $schema: _dialect, ...params } = z.toJSONSchema(operation.params, { io: "input" });
  return {
    name,
    title: operation.title,
    description: operation.description,
    params,
    inputs: operation.inputs,
    outputs: operation.outputs,
    ...(operation.split === undefined ? {} : { split: operation.split }),
    module,
  };
}

/** Loads every operation of `folder` (a file URL that ends in a slash), in the order of their names. */
export async function loadCatalogue(
  folder: string,
): Promise<{ entries: CatalogueEntry[]; failures: LoadFailure[] }> {
  const files: string[] = [];
  for await (const file of Deno.readDir(new URL(folder))) {
    if (file.isFile && file.name.endsWith(".ts")) files.push(file.name);
  }
  const entries: CatalogueEntry[] = [];
  const failures: LoadFailure[] = [];
  for (const file of files.sort()) {
    try {
      const module = new URL(file, folder).href;
      entries.push(describe(module, await loadOperation(module)));
    } catch (error) {
      failures.push({ file, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { entries, failures };
}
