import type { z } from "zod";
import { type ErrorCode, type Issue, OutboardError } from "../workers/errors.ts";
import { formatIssues, formatValue, toIssues } from "../workers/issues.ts";

/** Issues that are told; a client cannot make the server answer with many times of what it sent. */
const MAX_ISSUES = 20;

/** A value whose JSON is longer is told by its beginning. */
const MAX_CAME_CHARACTERS = 200;

function shortenCame(issue: Issue): Issue {
  const text = JSON.stringify(issue.came) ?? "";
  return text.length > MAX_CAME_CHARACTERS ? { ...issue, came: formatValue(issue.came) } : issue;
}

/** The error for a value that zod refused: every issue with its path, what was wanted and what came. */
export function mismatch(
  code: ErrorCode,
  action: string,
  { value, error, ...data }: { value: unknown; error: z.core.$ZodError; input?: string },
): OutboardError {
  const found = toIssues(value, error);
  const issues = found.slice(0, MAX_ISSUES);
  const more = found.length - issues.length;
  const rest = more === 0 ? "" : `; and ${more} more`;
  return new OutboardError(code, `${action}: ${formatIssues(issues)}${rest}`, {
    ...data,
    issues: issues.map(shortenCame),
  });
}
