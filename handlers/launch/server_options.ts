/** What the parent tells the server process, as the first line of its standard input: never by argv, which `ps` shows. */
export interface ServerOptions {
  host: string;
  ports: number[];
  token: string;
  threads: number;
  maxArrayMib: number;
  jobTimeoutSeconds: number;
  /** Operations folders, in the order in which names are looked up. */
  operations: string[];
}
