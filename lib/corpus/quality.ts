// Quality by a reward model: it scores what no other step has dropped. The scores are kept as they come, so that work which was killed goes on
// where it was, and another least score asks for none again.
import { once } from "node:events";
import { createWriteStream, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { modelPath } from "../../common/model-paths";
import { FieldError } from "../../spec/field-error";
import { type ScoredText, scoredText } from "../../spec/reports";
import type { Watch } from "../watch";
import type { CorpusFolder } from "./corpus-folder";
import type { CorpusConfig, Drop, Quality } from "./corpus-schema";
import type { Outcome } from "./outcome";
import { type Judged, repeatsOf } from "./repeats";

/** Scores the lines of a file, {id, text}, one after another. */
export type ScoreTexts = (quality: Quality, file: string) => AsyncIterable<unknown>;
export type Scores = ReadonlyMap<string, ScoredText>;

/** What the reward model is read from. */
export function scorerFiles({ quality }: CorpusConfig): string[] {
  if (quality === null) return [];
  try {
    const folder = modelPath(quality.model);
    const names = readdirSync(folder).filter((name) => /\.(safetensors|json)$/.test(name));
    return names.sort().map((name) => join(folder, name));
  } catch (cause) {
    throw new FieldError("quality.model", (cause as Error).message, { cause });
  }
}

/** What the reward model says of every document that is left. */
export async function scoreRest(
  folder: CorpusFolder,
  parts: number,
  config: CorpusConfig,
  score: ScoreTexts,
  { says, cancelled }: Watch,
): Promise<Scores> {
  const scores = folder.scores();
  if (config.quality === null) return scores;
  const missing = await writeRest(folder, parts, config, scores);
  let done = 0;
  if (missing > 0)
    for await (const line of score(config.quality, folder.unscored)) {
      cancelled?.throwIfAborted();
      const one = shortened(scoredText.parse(line));
      folder.addScore(one);
      scores.set(one.id, one);
      done++;
      if (done % 16 === 0 || done === missing)
        says?.(`${done.toLocaleString("en")} of ${missing.toLocaleString("en")} documents scored`);
    }
  if (done < missing) throw new Error(`${missing} documents were to be scored, and ${done} were`);
  rmSync(folder.unscored, { force: true });
  return scores;
}

/** What is shown is what is compared. */
const shortened = ({ score, ...one }: ScoredText): ScoredText => ({
  ...one,
  score: score === null ? null : Number(score.toPrecision(4)),
});

/** Into a file of their own; their number. */
async function writeRest(folder: CorpusFolder, parts: number, config: CorpusConfig, scores: Scores): Promise<number> {
  const repeats = repeatsOf(config);
  const file = createWriteStream(folder.unscored);
  let count = 0;
  for (let number = 0; number < parts; number++)
    for (const outcome of folder.read(number)) {
      const { id, text } = outcome;
      if (repeats(outcome).drop !== null || scores.has(id)) continue;
      count++;
      if (!file.write(`${JSON.stringify({ id, text })}\n`)) await once(file, "drain");
    }
  file.end();
  await finished(file);
  return count;
}

/** A document that other steps have kept, by its score. */
export function qualityRule({ quality, keep }: CorpusConfig, scores: Scores) {
  const spare = new Set(keep);
  return ({ id }: Outcome, { drop, spared }: Judged): Judged => {
    const scored = drop === null ? scores.get(id) : undefined;
    const low = scored && quality ? lowScore(scored, quality.min) : null;
    return low && spare.has(id) ? { drop, spared: [...spared, low] } : { drop: drop ?? low, spared };
  };
}

function lowScore({ score, problem }: ScoredText, min: number | null): Drop | null {
  if (score === null) return { step: "quality", rule: "unreadable", detail: problem };
  return min !== null && score < min ? { step: "quality", rule: "score", detail: String(score) } : null;
}
