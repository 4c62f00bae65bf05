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
  /** For the files of the same-host lane; without it there is none. */
  laneFolder?: string | undefined;
}

/** The same with what stands before every event of the server, and what no operation can know. */
export interface MarkedOptions extends ServerOptions {
  mark: string;
}
