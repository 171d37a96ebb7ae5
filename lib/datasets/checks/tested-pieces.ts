// The pieces of rows that a model is to be tested with, in whichever layout they are.
import { dataFiles } from "../../../common/records/files";
import { readRow } from "../../../common/rows/formats";
import { rowsOfFiles } from "../../../common/rows/rows-of-files";
import { piecesOf } from "../../../common/text-checks/contamination";
import { FieldError } from "../../../spec/field-error";
import { textsOf } from "./check-rows";

export async function testedPieces(paths: string[]): Promise<Set<string>> {
  const pieces = new Set<string>();
  if (paths.length === 0) return pieces;
  for await (const entry of rowsOfFiles(dataFiles(paths), null)) {
    if ("reason" in entry) throw new FieldError("against", `${entry.of}line ${entry.line}: ${entry.reason}`);
    const [prompt = "", ...answers] = textsOf(readRow(entry.value));
    for (const answer of answers.length > 0 ? answers : [""])
      for (const piece of piecesOf([{ prompt, answer }])) pieces.add(piece);
  }
  return pieces;
}
