// The rows of a file as the model reads them, a sequence each: where a row has several answers, the first.
import { placeIn } from "../../common/records/records";
import { rowRecords } from "../../common/rows/expand";
import { readRow } from "../../common/rows/formats";
import { promptOf, requireText } from "../../common/rows/rows";
import type { Text } from "../../spec/chat";
import type { ChatTokenizer } from "../models/tokenizer";
import { sequencesOf } from "./rendered-rows";
import type { Tokens } from "./tokenize";

export interface FileSequence {
  /** The file, and the line in it. */
  place: string;
  /** What is asked, by which rows are told apart; of plain text all of it. */
  prompt: Text;
  tokens: Tokens;
}

/** What cannot be read is said and left out. */
export async function* fileSequences(
  path: string,
  tokenizer: ChatTokenizer,
  says: (line: string) => void,
): AsyncGenerator<FileSequence> {
  for await (const record of rowRecords(path)) {
    const place = `${path}:${record.line}`;
    try {
      if ("reason" in record) throw new Error(record.reason);
      const row = requireText(readRow(record.value));
      const [first] = sequencesOf(row, tokenizer, { template: row.template });
      yield { place, prompt: row.kind === "text" ? row.text : promptOf(row), tokens: first!.tokens };
    } catch (error) {
      says(`${place}: ${placeIn(record)}${(error as Error).message}`);
    }
  }
}
