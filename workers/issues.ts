import type { z } from "zod";
import type { Issue } from "./errors.ts";

type ZodIssue = z.core.$ZodIssue;

/** The value at `path` inside `root`, or undefined. */
function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}

/** A value as it is shown in a message: short, whatever came. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function bound(issue: ZodIssue & { code: "too_big" | "too_small" }): string {
  const big = issue.code === "too_big";
  const limit = big ? issue.maximum : issue.minimum;
  const sign = big ? (issue.inclusive ? "<=" : "<") : (issue.inclusive ? ">=" : ">");
  if (issue.origin === "array") return `${big ? "at most" : "at least"} ${limit} items`;
  if (issue.origin === "string") return `${big ? "at most" : "at least"} ${limit} characters`;
  return `a number ${sign} ${limit}`;
}

/** What zod wanted, in words. */
function wanted(issue: ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return /^[aeiou]/.test(issue.expected) ? `an ${issue.expected}` : `a ${issue.expected}`;
    case "too_big":
    case "too_small":
      return bound(issue);
    case "invalid_value":
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "unrecognized_keys":
      return "no such key";
    default:
      // An author's own words complete the sentence: "must be at least as large as low".
      return issue.message;
  }
}

/**
 * Of a union's branches the one that the sender most likely meant: the one whose `kind` (or any other constant)
 * fits, so that its own complaint is shown instead of "Invalid input".
 */
function likeliestBranch(branches: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] {
  const fits = branches.find((issues) => !issues.some((issue) => issue.code === "invalid_value"));
  return fits ?? [];
}

function explain(root: unknown, issue: ZodIssue, prefix: readonly PropertyKey[]): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "invalid_union") {
    const branch = likeliestBranch(issue.errors);
    if (branch.length > 0) return branch.flatMap((inner) => explain(root, inner, path));
    const constants = issue.errors.flat().filter((inner) => inner.code === "invalid_value");
    const first = constants[0];
    if (first !== undefined) {
      const values = constants.flatMap((inner) => inner.values);
      const at = [...path, ...first.path];
      return [{
        path: formatPath(at),
        wanted: `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`,
        came: valueAt(root, at),
      }];
    }
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: formatPath([...path, key]),
      wanted: "no such key",
      came: valueAt(root, [...path, key]),
    }));
  }
  return [{ path: formatPath(path), wanted: wanted(issue), came: valueAt(root, path) }];
}

/**
 * What zod found in `root`, or in what `root` has at the path `at`: each with its path, what was wanted and what came;
 * each path once.
 */
export function toIssues(
  root: unknown,
  error: z.core.$ZodError,
  at: readonly PropertyKey[] = [],
): Issue[] {
  const issues = error.issues.flatMap((issue) => explain(root, issue, at));
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const key = `${issue.path}\n${issue.wanted}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** The issues as one sentence: `count must be a number <= 10, got 20`. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues
    .map(({ path, wanted, came }) =>
      wanted === "no such key"
        ? `'${path}' is not a known key`
        : `${path === "" ? "the value" : `'${path}'`} must be ${wanted}, got ${formatValue(came)}`
    )
    .join("; ");
}
