// A model with tokens that it did not have, as Transformers' add_tokens and resize_token_embeddings make them. Each begins as the mean of all
// tokens that there are, so that it is about as likely as they are on average (Hewitt 2021, "Initializing new word embeddings"), or as the mean
// of the pieces that its text was until now, near to what that meant (Sachidananda et al. 2021, "Efficient domain adaptation of language models
// via adaptive tokenization").
import type { LoadedFiles } from "./formats/loaded-files";
import type { HostTensor } from "./formats/safetensors";
import type { MeanOf } from "./means-of";
import { namesOf } from "./names";
import { tokenizerOf } from "./set-template";
import { nextId, tokenIds, tokenizerJson } from "./token-ids";
import { endNotes } from "./turn-end";

/** What add_tokens says of a token that it is given as text. */
const asText = { single_word: false, lstrip: false, rstrip: false, normalized: true, special: false };

/** The model with `tokens`, after those that its tokenizer has. Throws where one of them is there already, or would not be read as itself. */
export function withTokens(files: LoadedFiles, tokens: string[], meanOf: MeanOf): LoadedFiles {
  const companions = files.companions();
  const json = tokenizerJson.parse(JSON.parse(companions["tokenizer.json"]!));
  const known = tokenIds(json);
  const taken = tokens.find((token, i) => known.has(token) || tokens.indexOf(token) < i);
  if (taken !== undefined)
    throw new Error(`${JSON.stringify(taken)} is a token already (${known.get(taken) ?? "named twice"}): leave it out`);
  const count = nextId(known);
  const vocabSize = Math.max(files.config.vocabSize, count + tokens.length);
  const added = [...json.added_tokens, ...tokens.map((content, i) => ({ id: count + i, content, ...asText }))];
  const all = {
    ...companions,
    "tokenizer.json": JSON.stringify({ ...json, added_tokens: added }),
    "config.json": JSON.stringify({ ...JSON.parse(companions["config.json"]!), vocab_size: vocabSize }),
  };
  const tokenizer = tokenizerOf(all);
  tokens.forEach((token, i) => {
    const ids = tokenizer.encode(token);
    if (ids.join() !== String(count + i))
      throw new Error(
        `${JSON.stringify(token)} is not read as one token but as ${ids.join(", ") || "none"}: its text is changed before it is cut into tokens`,
      );
  });
  const { embedding, head } = namesOf(files.config);
  const grown = [embedding, head].map((name) => `${name}.weight`);
  const every = Array.from({ length: count }, (_, id) => id);
  const means = tokens.map((token) => (meanOf === "all" ? every : files.tokenizer.encode(token)));
  return {
    ...files,
    config: { ...files.config, vocabSize },
    tokenizer,
    notes: endNotes(tokenizer),
    host: {
      get(name) {
        const found = files.host.get(name);
        return found && grown.includes(name) ? withMeans(found, count, means, vocabSize) : found;
      },
    },
    companions: () => all,
  };
}

/** A matrix of `rows` rows, those from `first` on with the means of others, by their ids; what no token has stays as it is. [V, d] → [rows, d] */
function withMeans({ shape, data }: HostTensor, first: number, means: number[][], rows: number): HostTensor {
  const d = shape[1]!;
  const grown = new Float32Array(rows * d);
  grown.set(data);
  for (const [i, others] of means.entries()) grown.set(meanRow(data, d, others), (first + i) * d);
  return { shape: [rows, d], data: grown };
}

function meanRow(data: Float32Array, d: number, rows: number[]): Float64Array {
  const mean = new Float64Array(d);
  for (const row of rows) for (let i = 0; i < d; i++) mean[i]! += data[row * d + i]! / rows.length;
  return mean;
}
