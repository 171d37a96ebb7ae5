import { z } from "zod";

/** Their name, typed: what follows cannot be undone. */
export const eraseInput = z.strictObject({ name: z.string().max(200) });

export const erased = z
  .object({
    /** What they are called from then on. */
    name: z.string(),
    /** Where the old name still stands, and what to do about it, in sentences. */
    remains: z.array(z.string()),
  })
  .meta({ id: "Erased" });
export type Erased = z.infer<typeof erased>;
