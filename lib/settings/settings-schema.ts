// Settings of the whole workbench, as pages and scripts send them.
import { z } from "zod";

export const settingsChange = z.strictObject({ defaultModel: z.string().trim().min(1).max(4096).nullable() });
export const settingsNow = z.object({ defaultModel: z.string().nullable() });

/** What a webhook answered to a test. */
export const webhookHeard = z.object({ status: z.number() });
