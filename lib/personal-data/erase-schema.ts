import { z } from "zod";

/** Where a name stands in what people wrote. */
export const namedPlace = z.object({
  /** Such as "comments". */
  what: z.string(),
  /** How many have it as a word. */
  words: z.number(),
  /** How many others have it within a longer one, such as zoe-dpo-1. */
  parts: z.number(),
});
export type NamedPlace = z.infer<typeof namedPlace>;

/** Before anything is erased. */
export const erasurePlan = z.object({ places: z.array(namedPlace) }).meta({ id: "ErasurePlan" });

export const eraseInput = z.strictObject({
  /** Their name, typed: what follows cannot be undone. */
  name: z.string().max(200),
  /** Whether the name is replaced where it stands as a bare word too, which may be another word. */
  words: z.boolean().default(false),
});

export const erased = z
  .object({
    /** What they are called from then on. */
    name: z.string(),
    /** Where the old name still stands in what people wrote. */
    places: z.array(namedPlace),
    /** Where else it does, and what to do about it, in sentences. */
    remains: z.array(z.string()),
  })
  .meta({ id: "Erased" });
export type Erased = z.infer<typeof erased>;
