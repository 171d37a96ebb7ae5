// A model with tokens that it did not have, as Transformers' add_tokens and resize_token_embeddings make them. Each begins as the mean of the
// tokens that there are, so that it is about as likely as they are on average (Hewitt 2021, "Initializing new word embeddings").
import { z } from "zod";
import type { LoadedFiles } from "./formats/loaded-files";
import type { HostTensor } from "./formats/safetensors";
import { namesOf } from "./names";
import { tokenizerOf } from "./set-template";
import { endNotes } from "./turn-end";

const tokenizerJson = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).default([]),
  model: z.looseObject({
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.tuple([z.string(), z.number()]))]),
  }),
});

/** What add_tokens says of a token that it is given as text. */
const asText = { single_word: false, lstrip: false, rstrip: false, normalized: true, special: false };

/** The model with `tokens`, after those that its tokenizer has. Throws where one of them is there already, or would not be read as itself. */
export function withTokens(files: LoadedFiles, tokens: string[]): LoadedFiles {
  const companions = files.companions();
  const json = tokenizerJson.parse(JSON.parse(companions["tokenizer.json"]!));
  const known = idsOf(json);
  const taken = tokens.find((token, i) => known.has(token) || tokens.indexOf(token) < i);
  if (taken !== undefined)
    throw new Error(`${JSON.stringify(taken)} is a token already (${known.get(taken) ?? "named twice"}): leave it out`);
  const count = 1 + Math.max(...known.values());
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
  return {
    ...files,
    config: { ...files.config, vocabSize },
    tokenizer,
    notes: endNotes(tokenizer),
    host: {
      get(name) {
        const found = files.host.get(name);
        return found && grown.includes(name) ? withMeans(found, [count, count + tokens.length], vocabSize) : found;
      },
    },
    companions: () => all,
  };
}

/** The id of every token. */
function idsOf({ added_tokens: added, model: { vocab } }: z.infer<typeof tokenizerJson>): Map<string, number> {
  const own = Array.isArray(vocab) ? vocab.map(([token], id) => [token, id] as const) : Object.entries(vocab);
  return new Map([...own, ...added.map(({ content, id }) => [content, id] as const)]);
}

/** A matrix of `rows` rows, those from `first` to `end` the mean of those before; those that no token has stay as they are. [V, d] → [rows, d] */
function withMeans({ shape, data }: HostTensor, [first, end]: [number, number], rows: number): HostTensor {
  const d = shape[1]!;
  const mean = new Float64Array(d);
  for (let i = 0; i < first * d; i++) mean[i % d]! += data[i]! / first;
  const grown = new Float32Array(rows * d);
  grown.set(data);
  for (let row = first; row < end; row++) grown.set(mean, row * d);
  return { shape: [rows, d], data: grown };
}
