// What annotators are asked of files where nobody says it.
import { rowsOfFiles } from "../../../common/rows/rows-of-files";
import { type Question, questionOf, questions } from "../../../spec/queue-options";
import type { RowMapping } from "../../../spec/row-mapping";
import { type Columns, readImported } from "./import-columns";
import { queueCalled } from "./new-queue";

/** Rows by which it is told. */
const looked = 200;

/** As the queue of this name does, or else to compare answers, unless none of the first rows has any to compare; their steps, where these are labelled. */
export async function usualQuestion(
  name: string,
  files: string[],
  { columns, mapping }: { columns: Columns | null; mapping: RowMapping | null },
): Promise<Question> {
  const there = queueCalled(name);
  if (there) return questionOf(there.mode);
  const fits = { compare: false, single: false, steps: false };
  let rows = 0;
  for await (const record of rowsOfFiles(files, mapping)) {
    if (rows++ === looked) break;
    if (!("reason" in record))
      for (const question of questions) fits[question] ||= reads(record.value, columns, question);
    if (fits.compare) break;
  }
  return questions.find((question) => fits[question]) ?? "compare";
}

function reads(record: unknown, columns: Columns | null, question: Question): boolean {
  try {
    readImported(record, columns, question);
    return true;
  } catch {
    return false; // it is named when its turn comes
  }
}
