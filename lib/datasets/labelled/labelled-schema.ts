// What the pages know of labelled datasets.

import type { LabelKind } from "../../../spec/label-kinds";
import type { LeftOut } from "../../annotation/queues/left-out";

/** What came of importing a file as labelled. */
export interface LabelledReport extends LeftOut {
  id: number;
  name: string;
  holds: LabelKind;
  rows: number;
  /** That methods which compare two answers learn from. */
  pairs: number;
  /** Whether the same rows were there under this name. */
  known: boolean;
  /** What else should be known of the rows, such as columns that nothing reads. */
  notes: string[];
}
