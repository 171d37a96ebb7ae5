// What the pages know of labelled datasets.
import { z } from "zod";
import { labelKinds } from "../../../spec/label-kinds";
import { leftOut } from "../../annotation/queues/left-out";

/** What came of importing a file as labelled. */
export const labelledReport = leftOut.extend({
  id: z.number(),
  name: z.string(),
  holds: z.enum(labelKinds),
  rows: z.number(),
  /** That methods which compare two answers learn from. */
  pairs: z.number(),
  /** Whether the same rows were there under this name. */
  known: z.boolean(),
  /** What else should be known of the rows, such as columns that nothing reads. */
  notes: z.array(z.string()),
});
export type LabelledReport = z.infer<typeof labelledReport>;
