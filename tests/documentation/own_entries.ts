import { type CatalogueEntry, describeOperation } from "../../workers/catalogue.ts";

const OPERATIONS = new URL("../../workers/operations/", import.meta.url);

/** The catalogue's entries of all our operations, by category and title as the panel lists them. */
export async function ownEntries(): Promise<CatalogueEntry[]> {
  const files = [...Deno.readDirSync(OPERATIONS)].map(({ name }) => name);
  const entries = await Promise.all(
    files.map((file) =>
      describeOperation(file.replace(/\.ts$/, ""), new URL(file, OPERATIONS).href)
    ),
  );
  return entries.sort((a, b) => {
    const [one, other] = [`${a.category} ${a.title}`, `${b.category} ${b.title}`];
    return one < other ? -1 : 1;
  });
}
