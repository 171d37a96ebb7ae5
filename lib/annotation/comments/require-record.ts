import { translatedError } from "../../messages/translated-error";
import { tallyOf } from "../judging/tally";
import { recordOf } from "../records/record-facts";

/** The pair that stands for a record, whichever pair of it is named; a 404 where the dataset has none. */
export function requireRecord(queueId: number, record: number): number {
  const known = recordOf(tallyOf(queueId), record);
  if (known) return known.pair.id;
  throw translatedError(404, "error.noRecordIn", { dataset: queueId, id: record });
}
