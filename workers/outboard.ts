/** What an operation's file imports: `import { defineOperation, z } from "outboard"`. */
export { z } from "zod";
export type { Array, DType } from "./array.ts";
export { OperationError } from "./errors.ts";
export {
  type CancelSignal,
  defineOperation,
  type InputSpec,
  type Kind,
  type OutputSpec,
  type ParamMeta,
  type RunContext,
} from "./operation.ts";
