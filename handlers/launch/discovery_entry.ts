import { z } from "zod";

const ENTRY = z.object({
  url: z.string(),
  token: z.string(),
  pid: z.int().positive(),
  version: z.string(),
  started: z.string(),
});

/** How a client finds a running server: one file each, readable by the user alone. */
export type DiscoveryEntry = z.infer<typeof ENTRY>;

/** The entry that a file holds, if it holds one. */
export function parseEntry(text: string): DiscoveryEntry | undefined {
  try {
    return ENTRY.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
