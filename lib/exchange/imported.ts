// What came of importing a run.
import { z } from "zod";
import { runStatuses } from "../../spec/run-status";

/** Of another program, by its metrics. */
export const importedRun = z.object({
  id: z.string(),
  name: z.string(),
  steps: z.number(),
  /** Metrics that no chart shows. */
  left: z.array(z.string()),
});
export type ImportedRun = z.infer<typeof importedRun>;

/** Of the command line, by its folder. */
export const importedFolder = importedRun
  .omit({ left: true })
  .extend({ method: z.string(), status: z.enum(runStatuses) });
export type ImportedFolder = z.infer<typeof importedFolder>;
