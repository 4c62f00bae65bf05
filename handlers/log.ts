export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * One thing that happened. `event` names it for programs, `message` says it to people. Never holds a request's
 * parameters or arrays.
 */
export interface LogEvent {
  event: string;
  level?: LogLevel;
  message?: string;
  [fact: string]: unknown;
}

export type Log = (event: LogEvent) => void;
