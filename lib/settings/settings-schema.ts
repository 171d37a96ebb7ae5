// Settings of the whole workbench, as pages and scripts send them.
import { z } from "zod";

/** More would only share processors. */
const mostAtOnce = 64;
const mostDays = 3650;

export const settingsChange = z
  .strictObject({
    defaultModel: z.string().trim().min(1).max(4096).nullable(),
    /** Runs that train on this machine at a time. */
    runsAtOnce: z.int("Give a whole number.").min(1, "At least 1.").max(mostAtOnce, `At most ${mostAtOnce}.`),
    /** For how long a team keeps audit log and sessions; null: for ever. */
    retentionDays: z.int("Give a whole number.").min(1, "At least 1.").max(mostDays, `At most ${mostDays}.`).nullable(),
  })
  .partial();
export const settingsNow = z.object({
  defaultModel: z.string().nullable(),
  runsAtOnce: z.number(),
  retentionDays: z.number().nullable(),
});

/** What a webhook answered to a test. */
export const webhookHeard = z.object({ status: z.number() });
