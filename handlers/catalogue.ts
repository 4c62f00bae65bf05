import { z } from "zod";
import type { CatalogueEntry } from "../workers/catalogue.ts";
import type { LoadFailure } from "./library.ts";

/** An operation as clients see it. */
export type PublicEntry = Omit<CatalogueEntry, "module" | "split" | "rowwise">;

export interface CompiledEntry {
  entry: CatalogueEntry;
  /** Made from the entry's JSON Schema: the author's own schema never comes to the main thread. */
  schema: z.ZodType;
  /** Parameters that the server draws when they are absent. */
  drawn: readonly string[];
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash, 0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function compile(entry: CatalogueEntry): CompiledEntry {
  const properties = (entry.params.properties ?? {}) as Record<
    string,
    { outboard?: { drawn?: boolean } }
  >;
  return {
    entry,
    schema: z.fromJSONSchema(entry.params as z.core.JSONSchema.JSONSchema),
    drawn: Object.keys(properties).filter((name) => properties[name]?.outboard?.drawn),
  };
}

/** All operations of the server, each compiled once per revision, when it is first asked for. */
export class Catalogue {
  readonly revision: string;
  /** What `operations.list` answers. */
  readonly operations: readonly PublicEntry[];
  /** Files that cannot be used. */
  readonly failures: readonly LoadFailure[];
  readonly #entries: ReadonlyMap<string, CatalogueEntry>;
  readonly #compiled = new Map<string, CompiledEntry>();

  private constructor(
    revision: string,
    operations: readonly PublicEntry[],
    failures: readonly LoadFailure[],
    entries: readonly CatalogueEntry[],
  ) {
    this.revision = revision;
    this.operations = operations;
    this.failures = failures;
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  static async create(
    entries: readonly CatalogueEntry[],
    failures: readonly LoadFailure[],
  ): Promise<Catalogue> {
    const operations = entries.map((
      { module: _module, split: _split, rowwise: _rowwise, ...shown },
    ) => shown);
    const revision = await digest(JSON.stringify({ operations, failures }));
    return new Catalogue(revision, operations, failures, entries);
  }

  find(name: string): CompiledEntry | undefined {
    const known = this.#compiled.get(name);
    if (known !== undefined) return known;
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const compiled = compile(entry);
    this.#compiled.set(name, compiled);
    return compiled;
  }
}
