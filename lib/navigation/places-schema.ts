import { z } from "zod";
import { runStatuses } from "../../spec/run-status";

/** What the command palette finds by name; newest first. */
export const places = z.object({
  datasets: z.array(z.object({ id: z.number(), name: z.string() })),
  /** Datasets that came with labels; the others are annotated. */
  labelled: z.array(z.object({ id: z.number(), name: z.string() })),
  runs: z.array(z.object({ id: z.string(), name: z.string(), status: z.enum(runStatuses) })),
});
/** The parts of the address whose pages have names of their own. */
export const named = z.enum(["datasets", "labelled", "runs"]);
export const placeName = z.object({ name: z.string() });
export type Places = z.infer<typeof places>;

/** Where a record is, by its number. */
export const recordPlace = z.object({ id: z.number(), dataset: z.object({ id: z.number(), name: z.string() }) });
export type RecordPlace = z.infer<typeof recordPlace>;
