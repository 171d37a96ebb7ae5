// The pieces of rows that a model is to be tested with, in whichever layout they are.
import { dataFiles } from "../../common/records/files";
import { readRow } from "../../common/rows/formats";
import { textsOf } from "../../common/rows/row-texts";
import { type RowOfFiles, rowsOfFiles } from "../../common/rows/rows-of-files";
import { piecesOf } from "../../common/text-checks/contamination";
import { FieldError } from "../../spec/field-error";

export async function testedPieces(paths: string[]): Promise<Set<string>> {
  const pieces = new Set<string>();
  if (paths.length === 0) return pieces;
  for await (const entry of rowsOfFiles(dataFiles(paths), null)) {
    const [prompt = "", ...answers] = testTexts(entry);
    for (const answer of answers.length > 0 ? answers : [""])
      for (const piece of piecesOf([{ prompt, answer }])) pieces.add(piece);
  }
  return pieces;
}

function testTexts(entry: RowOfFiles): string[] {
  try {
    if ("reason" in entry) throw new Error(entry.reason);
    return textsOf(readRow(entry.value));
  } catch (error) {
    const reason = (error as Error).message;
    throw new FieldError("against", `${entry.of}line ${entry.line}: ${reason}`, { cause: error });
  }
}
