/** The parameters of an operation as rows of a table, read from their JSON Schema. */
import type { ParamMeta } from "../../workers/operation.ts";

/** One parameter: the cells of its row. */
export interface ParameterRow {
  /** `count`, or `distribution.count` within an object. */
  name: string;
  /** The kind of a union that has it. */
  of?: string;
  values: string;
  preset: string;
  help: string;
}

type Schema = {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  prefixItems?: Schema[];
  oneOf?: Schema[];
  outboard?: ParamMeta;
};

const NAMES: Record<string, string> = {
  integer: "whole number",
  number: "number",
  boolean: "yes or no",
  string: "text",
};
const UNITS: Record<string, string> = { length: "length", angle: "angle", time: "seconds" };

/** The rows of the parameters in `schema`, those in unions behind the choice itself. */
export function parameterRows(schema: Record<string, unknown>, prefix = ""): ParameterRow[] {
  const { properties = {} } = schema as Schema;
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    if (field.const !== undefined) return [];
    const row = { name, values: values(field), preset: preset(field), help: help(field) };
    const inner = (field.oneOf ?? []).flatMap((kind) => {
      const of = String(kind.properties?.kind?.const);
      return parameterRows(kind as Record<string, unknown>, `${name}.`)
        .map((each) => ({ of, ...each }));
    });
    return [row, ...inner];
  });
}

function code(text: unknown): string {
  return `\`${text}\``;
}

/** What may be given: `length, 0 to 100`. */
function values(field: Schema): string {
  if (field.oneOf !== undefined) {
    return field.oneOf.map((kind) => code(kind.properties?.kind?.const)).join(", ");
  }
  if (field.enum !== undefined) return field.enum.map(code).join(", ");
  const first = field.prefixItems?.[0];
  if (first !== undefined) {
    const each = { ...first, outboard: field.outboard ?? {} };
    return listed(`${field.prefixItems!.length} ${noun(each)}s`, range(each));
  }
  const { softMin = field.minimum, softMax = field.maximum } = field.outboard ?? {};
  const typed = range(field);
  const slid = softMin === undefined || softMax === undefined
    ? typed
    : range({ ...field, minimum: softMin, maximum: softMax });
  return listed(noun(field), slid === typed ? typed : `${slid} (typed, ${typed})`);
}

function listed(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

function noun({ type = "", outboard }: Schema): string {
  return UNITS[outboard?.unit ?? ""] ?? NAMES[type] ?? type;
}

function range(field: Schema): string {
  const { minimum, maximum } = field;
  if (minimum === undefined || maximum === undefined) return "";
  // Whole numbers end where JavaScript's do unless something else is said.
  if (maximum === Number.MAX_SAFE_INTEGER) return `${figure(minimum, field)} or more`;
  return `${figure(minimum, field)} to ${figure(maximum, field)}`;
}

function figure(value: number, { type, outboard }: Schema): string {
  if (type === "integer") return value.toLocaleString("en");
  if (outboard?.unit === "angle") return `${Number((180 * value / Math.PI).toPrecision(6))}°`;
  if (Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)) {
    return value.toExponential().replace("+", "");
  }
  return String(Number(value.toPrecision(6)));
}

/** What is taken if nothing is given. */
function preset(field: Schema): string {
  const { default: value, outboard } = field;
  if (outboard?.drawn) return "drawn";
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return figure(value, field);
  if (Array.isArray(value)) return value.map((it) => figure(it, field)).join(", ");
  return code(typeof value === "string" ? value : (value as { kind: string }).kind);
}

function help({ description = "", outboard }: Schema): string {
  const items = Object.entries(outboard?.items ?? {})
    .filter(([, item]) => item.description !== undefined)
    .map(([value, item]) => `${code(value)}: ${lowered(item.description!)}`);
  return [description, ...items].join("; ");
}

function lowered(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}
