import { basename } from "node:path";

/** Why an operation's file cannot be used as it is. */
export interface Fault {
  /** The file in which the fault is. */
  file: string;
  line?: number;
  reason: string;
  /** The operation's own file, where the fault is in a module that it imports. */
  importedBy?: string;
}

/** `/home/me/Outboard/operations/_waves.ts:12: Expression expected (imported by ripple.ts)` */
export function formatFault({ file, line, reason, importedBy }: Fault): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const importer = importedBy === undefined ? "" : ` (imported by ${basename(importedBy)})`;
  return `${place}: ${reason}${importer}`;
}
