// What people are told of the versions of guidelines, and say of them.
import { z } from "zod";

/** Guidelines that somebody has not read who annotated under earlier ones, with those. */
export const unreadGuidelines = z.object({
  number: z.number(),
  who: z.string().nullable(),
  at: z.number(),
  before: z.string(),
  after: z.string(),
});
export type UnreadGuidelines = z.infer<typeof unreadGuidelines>;

export const agreementInput = z.strictObject({ number: z.int().min(1) });

export const guidelineVersions = z.array(
  z.object({
    number: z.number(),
    guidelines: z.string(),
    asks: z.boolean(),
    who: z.string().nullable(),
    at: z.number(),
    /** People who said to have read it. */
    agreed: z.number(),
  }),
);
export type GuidelineVersionDto = z.infer<typeof guidelineVersions>[number];
