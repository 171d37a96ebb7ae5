import { z } from "zod";

/** The dataset that was changed, or the copy of one. */
export const datasetId = z.object({ id: z.number() });
