/** `deno task docs`: writes docs/operations.md anew. */
import { PAGE, writtenPage } from "./written_page.ts";

if (import.meta.main) await Deno.writeTextFile(PAGE, await writtenPage());
