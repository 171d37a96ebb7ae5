// Several runs that are examined together, mostly of one sweep, name the same model and the same rows.
import type { LoadedFiles } from "../models/formats/loaded-files";
import { readModel } from "../models/load";
import type { ChatTokenizer } from "../models/tokenizer";

/** `readModel` that reads a model once; its tokenizer renders and tokenises each conversation and text once. */
export function readOnce(): typeof readModel {
  const known = new Map<string, Promise<LoadedFiles>>();
  return (source) => {
    const files = known.get(source) ?? readModel(source).then(remembered);
    known.set(source, files);
    return files;
  };
}

const remembered = (files: LoadedFiles): LoadedFiles => ({
  ...files,
  tokenizer: rememberingTokenizer(files.tokenizer),
});

export const rememberingTokenizer = (tokenizer: ChatTokenizer): ChatTokenizer => ({
  ...tokenizer,
  encode: onceEach(tokenizer.encode),
  document: onceEach(tokenizer.document),
  conversation: onceEach(tokenizer.conversation),
});

/** A function of plain values, called once for the same ones. Whoever asks may change the ids that they get. */
function onceEach<Asked extends unknown[]>(work: (...asked: Asked) => number[]): (...asked: Asked) => number[] {
  const known = new Map<string, number[]>();
  return (...asked) => {
    const key = JSON.stringify(asked);
    const ids = known.get(key) ?? work(...asked);
    known.set(key, ids);
    return ids.slice();
  };
}
