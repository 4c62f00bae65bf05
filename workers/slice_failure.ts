import { OutboardError } from "./errors.ts";
import type { SliceFailure } from "./messages.ts";
import { messageOf } from "./refused_permission.ts";

interface Origin {
  name: string;
  module: string;
}

/** Where in the operation's own file an exception came from: `scatter.ts:12`. */
function placeOf(error: unknown, { name, module }: Origin): string {
  const line = error instanceof Error
    ? error.stack?.split(`${module}:`)[1]?.match(/^\d+/)?.[0]
    : undefined;
  return line === undefined ? `${name}.ts` : `${name}.ts:${line}`;
}

/** Whatever an operation throws as a tagged failure, because a class does not survive the way to the main thread. */
export function toSliceFailure(error: unknown, operation: Origin): SliceFailure {
  if (error instanceof OutboardError) return { failure: error.toFailure() };
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    failure: {
      code: "OPERATION_FAILED",
      message: `Operation '${operation.name}' failed in ${placeOf(error, operation)}: ${
        messageOf(error)
      }`,
    },
    ...(stack === undefined ? {} : { stack }),
  };
}
