import { z } from "zod";
import { runStatuses } from "../../spec/run-status";

/** What the command palette finds by name, and what the breadcrumb calls by it; newest first. */
export const places = z.object({
  datasets: z.array(z.object({ id: z.number(), name: z.string() })),
  runs: z.array(z.object({ id: z.string(), name: z.string(), status: z.enum(runStatuses) })),
});
export type Places = z.infer<typeof places>;

/** Where a record is, by its number. */
export const recordPlace = z.object({ id: z.number(), dataset: z.object({ id: z.number(), name: z.string() }) });
export type RecordPlace = z.infer<typeof recordPlace>;
