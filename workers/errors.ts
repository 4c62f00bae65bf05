/**
 * Every way a request can fail, in one table. The wire carries the number as JSON-RPC's `code` and the name as
 * `data.code`; addon/bridge/errors.py mirrors the table and a test holds the two equal.
 */
export const ERRORS = {
  /** The text frame is not JSON. */
  PARSE_ERROR: { number: -32700, retry: false },
  /** The message is JSON but no JSON-RPC 2.0 request. */
  INVALID_REQUEST: { number: -32600, retry: false },
  METHOD_NOT_FOUND: { number: -32601, retry: false },
  /** The parameters do not fit; `data.issues` lists path, wanted and came. */
  INVALID_PARAMS: { number: -32602, retry: false },
  /** A defect of the server; the log has the stack. */
  INTERNAL: { number: -32603, retry: false },
  UNKNOWN_OPERATION: { number: -32001, retry: false },
  UNSUPPORTED_VERSION: { number: -32002, retry: false },
  /** An array's declaration is malformed, missing or not wanted. */
  INVALID_ARRAY: { number: -32003, retry: false },
  INVALID_DTYPE: { number: -32004, retry: false },
  INVALID_SHAPE: { number: -32005, retry: false },
  /** The numbers themselves cannot be used: NaN where it is forbidden, w = 0. */
  INVALID_VALUE: { number: -32006, retry: false },
  /** A binary frame that is too short, misplaced, overlapping or beyond the array's end. */
  BAD_CHUNK: { number: -32007, retry: false },
  /** A chunk for an array that nobody declared. */
  UNKNOWN_ARRAY: { number: -32008, retry: false },
  /** A declared array whose bytes stopped coming. */
  ARRAY_INCOMPLETE: { number: -32009, retry: true },
  /** A size beyond a limit: asking again will not help. */
  TOO_LARGE: { number: -32010, retry: false },
  /** No room just now; `data.retryAfterMs` tells when to come back. */
  BUSY: { number: -32011, retry: true },
  CANCELLED: { number: -32012, retry: false },
  /** The job ran over its time and was stopped. */
  TIMEOUT: { number: -32013, retry: true },
  /** A second job under a name that the session already uses. */
  DUPLICATE_JOB: { number: -32014, retry: false },
  /** The operation's own code threw. */
  OPERATION_FAILED: { number: -32015, retry: false },
  /** The worker thread died under the job. */
  THREAD_DIED: { number: -32016, retry: true },
  /** The operation wants to do what the user has not allowed by a flag. */
  NOT_PERMITTED: { number: -32017, retry: false },
  /** The files of the same-host lane cannot be used: the same arrays in binary frames will do. */
  LANE_FAILED: { number: -32018, retry: false },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** One parameter that does not fit. `path` is dotted, as in `distribution.radius`. */
export interface Issue {
  path: string;
  wanted: string;
  came: unknown;
}

/** What a failed request carries across a thread and over the wire; classes do not survive either. */
export interface Failure {
  code: ErrorCode;
  message: string;
  data?: Record<string, unknown>;
}

/** The one error class of the project. Messages start with a capital and end without a period. */
export class OutboardError extends Error {
  override readonly name = "OutboardError";
  readonly code: ErrorCode;
  readonly data: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    data?: Record<string, unknown>,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.data = data;
  }

  toFailure(): Failure {
    return this.data === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, data: this.data };
  }

  static from(failure: Failure): OutboardError {
    return new OutboardError(failure.code, failure.message, failure.data);
  }
}

/** What an operation throws to tell the user something: the text reaches the user as it is. */
export class OperationError extends OutboardError {
  constructor(message: string, data?: Record<string, unknown>) {
    super("OPERATION_FAILED", message, data);
  }
}
