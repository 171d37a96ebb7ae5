// The datasets that a launch names: one, or several mixed by weight.
import { z } from "zod";

const sampleSet = z.strictObject({ kind: z.literal("sample"), id: z.string() });
const ownSet = z.strictObject({ kind: z.enum(["queue", "rewrites", "labelled"]), id: z.int() });
export const chosenSet = z.discriminatedUnion("kind", [sampleSet, ownSet]);
export type ChosenSet = z.infer<typeof chosenSet>;

/** As `data.train` of run files has it. */
const weight = z.number().positive().max(100);
export const weighedSet = z.discriminatedUnion("kind", [sampleSet.extend({ weight }), ownSet.extend({ weight })]);

/** In the form: what is mixed with its first set, as `kind:id`, each weight as it was typed, with an id of its own in the list. */
export const mix = z.object({
  weight: z.string(),
  others: z
    .array(z.object({ id: z.int().optional(), set: z.string(), weight: z.string() }))
    .transform((all) => all.map((one, i) => ({ ...one, id: one.id ?? i }))), // drafts that were kept before have none
});
export type Mix = z.infer<typeof mix>;
