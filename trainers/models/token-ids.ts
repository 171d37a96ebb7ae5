import { z } from "zod";

/** What of a tokenizer.json says which tokens there are. */
export const tokenizerJson = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).default([]),
  model: z.looseObject({
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.tuple([z.string(), z.number()]))]),
  }),
});

/** The id of every token. */
export function tokenIds({
  added_tokens: added,
  model: { vocab },
}: z.infer<typeof tokenizerJson>): Map<string, number> {
  const own = Array.isArray(vocab) ? vocab.map(([token], id) => [token, id] as const) : Object.entries(vocab);
  return new Map([...own, ...added.map(({ content, id }) => [content, id] as const)]);
}

/** The id after all of them. */
export const nextId = (ids: ReadonlyMap<string, number>): number =>
  [...ids.values()].reduce((most, id) => Math.max(most, id + 1), 0);
