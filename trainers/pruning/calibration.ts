// Text that a model is calibrated on: rows in any known layout as the model reads them, of several answers the first.
import { Refusal } from "../../common/command-line";
import { fileSequences } from "../data/file-sequences";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { longestSequence } from "../models/position-limit";

/** As many rows as Wanda's authors take, and as long as theirs at most. */
const mostRows = 128;
const mostTokens = 2048;

/** Ids of the file's first rows. What cannot be read is said and left out. Throws where nothing is left. */
export async function calibrationRows(
  path: string,
  { config, tokenizer }: Pick<LoadedFiles, "config" | "tokenizer">,
  says: (line: string) => void,
): Promise<number[][]> {
  const longest = Math.min(mostTokens, longestSequence(config));
  const rows: number[][] = [];
  for await (const { tokens } of fileSequences(path, tokenizer, says)) {
    rows.push(tokens.input_ids.slice(0, longest));
    if (rows.length === mostRows) break;
  }
  if (rows.length === 0)
    throw new Refusal(`${path} has no row that could be read; name a file of prompts, answers or texts`);
  return rows;
}
