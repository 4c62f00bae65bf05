import { z } from "zod";

/** Where in a slot of the same-host lane bytes are. */
export const SLOT_PLACE = z.strictObject({
  slot: z.int().min(1),
  offset: z.int().min(0),
});

const MAX_RANK = 8;
const MAX_ID = 2 ** 32 - 1;

/** `{"$array": {id, dtype, shape, lane?}}`: an array whose bytes follow in binary frames, or lie in a slot. */
export const DECLARATION = z.strictObject({
  $array: z.strictObject({
    id: z.int().min(0).max(MAX_ID),
    dtype: z.string(),
    shape: z.array(z.int().min(0)).max(MAX_RANK),
    lane: SLOT_PLACE.optional(),
  }),
});

export function isDeclaration(value: unknown): boolean {
  return typeof value === "object" && value !== null && "$array" in value;
}

/** The ids of the arrays that the inputs of a `jobs.run` declare, however broken the rest of it is. */
export function declaredIds(params: unknown): number[] {
  const inputs = (params as { inputs?: unknown } | null)?.inputs;
  if (typeof inputs !== "object" || inputs === null) return [];
  return Object.values(inputs).flatMap((value: unknown) => {
    const id = (value as { $array?: { id?: unknown } } | null)?.$array?.id;
    return typeof id === "number" ? [id] : [];
  });
}
