import { fileURLToPath } from "node:url";
import { operationsPage } from "./operations_page.ts";
import { ownEntries } from "./own_entries.ts";
import { caption } from "./pictures_made.ts";

/** Where the page is. */
export const PAGE = new URL("../../docs/operations.md", import.meta.url);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** docs/operations.md as it should be now, formatted as everything here is. */
export async function writtenPage(): Promise<string> {
  const entries = await ownEntries();
  const captions = await Promise.all(
    entries.map(async ({ name }) => [name, await caption(name)] as const),
  );
  return await formatted(operationsPage(entries, Object.fromEntries(captions)));
}

async function formatted(markdown: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "md", "-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(markdown));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("Cannot format the page: deno fmt failed");
  return new TextDecoder().decode(stdout);
}
