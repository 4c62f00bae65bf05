/** Why an operation's file cannot be used as it is. */
export interface Fault {
  file: string;
  line?: number;
  reason: string;
}

/** `/home/me/Outboard/operations/ripple.ts:12: Cannot …` */
export function formatFault({ file, line, reason }: Fault): string {
  return `${line === undefined ? file : `${file}:${line}`}: ${reason}`;
}
