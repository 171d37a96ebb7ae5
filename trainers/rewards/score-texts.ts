// `workbench score-texts`: what a reward model says of documents, each read by itself, so that no score depends on which others are asked for.
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { isWholeModel } from "../../common/whole-model";
import type { ScoredText } from "../../spec/reports";
import { readBaseQuantisation } from "../adapters/base-quantisation";
import type { Tokens } from "../data/tokenize";
import { parsedFields, readJson } from "../models/fields";
import { loadModel } from "../models/load";
import { rewardModelPath } from "../models/scorer-config";
import { openOwnScorer, openRewardModel, type RowScorer } from "./reward-model";

/** Tokens of a document at most, from its beginning on: as many as FineWeb-Edu's classifier reads (Penedo et al. 2024, arXiv 2406.17557). */
export const tokensRead = 512;

interface Wanted {
  /** What the adapter in `folder` stands on; null: what its config names. */
  base: string | null;
  /** The question that each text is read as the answer to; null: each is plain text. */
  prompt: string | null;
}

const document = z.object({ id: z.string(), text: z.string() });

/** Scores every line of a file by the reward model in `source`. */
export async function* scoreTexts(source: string, file: string, { base, prompt }: Wanted): AsyncGenerator<ScoredText> {
  const scorer = await openScorer(rewardModelPath(source), base);
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { id, text } = document.parse(JSON.parse(line));
    const row = rowOf(scorer, prompt, text);
    if ("problem" in row) yield { id, score: null, problem: row.problem };
    else yield { id, score: finite(scorer.score([row])[0]!, source, id), problem: "" };
  }
}

async function openScorer(folder: string, base: string | null): Promise<RowScorer> {
  if (isWholeModel(folder)) return openOwnScorer(folder);
  const { model, tokenizer } = await loadModel({
    source: base ?? baseIn(folder),
    dtype: "float32",
    ...readBaseQuantisation(folder),
  });
  return openRewardModel(folder, model, tokenizer);
}

const adapterConfig = z.object({ base_model_name_or_path: z.string() });

/** As PEFT has it. */
function baseIn(folder: string): string {
  const path = join(folder, "adapter_config.json");
  return parsedFields(adapterConfig, readJson(path), path).base_model_name_or_path;
}

/** The row, cut inside of the text, so that it ends as the rows do that the reward model was trained on; or why there is none. */
function rowOf(scorer: RowScorer, prompt: string | null, text: string): Tokens | { problem: string } {
  const most = Math.min(tokensRead, scorer.longest);
  const beginning = text.slice(0, longestToken * most).toWellFormed();
  const ids = scorer.tokenizer.encode(beginning);
  try {
    for (let room = most; room > 0; ) {
      const row = asked(scorer, prompt, room >= ids.length ? beginning : decoded(scorer, ids.slice(0, room)));
      const excess = row.input_ids.length - most;
      if (excess <= 0) return row;
      room = Math.min(room, ids.length) - excess;
    }
    return { problem: `the prompt leaves no room for it in ${most} tokens` };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** In characters, and more than any text's mean: what follows is not worth encoding. */
const longestToken = 64;

const asked = ({ row }: RowScorer, prompt: string | null, text: string): Tokens =>
  prompt === null ? row("", text) : row([{ role: "user", content: prompt }], [{ role: "assistant", content: text }]);

/** Without the bytes of a character that is cut in two. */
const decoded = ({ tokenizer }: RowScorer, ids: number[]) => tokenizer.decode(ids).replace(/\uFFFD+$/, "");

function finite(score: number, source: string, id: string): number {
  if (Number.isFinite(score)) return score;
  throw new Error(`the reward model ${source} scores ${id} with ${score}; a finite number is expected`);
}
