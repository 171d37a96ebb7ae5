// What the stages of a model are studied on: documents of three kinds, of which later stages see film reviews alone, and those as conversations.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../common/random";
import { corpusConfig } from "../../lib/corpus/corpus-schema";
import { makeCorpus } from "../../lib/corpus/make-corpus";
import { arithmeticAnswer, arithmeticExpression, arithmeticPrompt } from "../../trainers/rewards/gold/arithmetic";
import { writeReview } from "../../trainers/rewards/gold/reviews";
import { sortingAnswer, sortingPrompt } from "../../trainers/rewards/gold/sorting";
import { heldOutPrompts, trainingPrompts } from "./review-pairs";

const sum = (random: () => number) => {
  const expression = arithmeticExpression(random);
  return `${arithmeticPrompt(expression)}\n${arithmeticAnswer(expression)}`;
};
const list = (random: () => number) => {
  const prompt = sortingPrompt(random);
  return `${prompt} ${sortingAnswer(prompt)}`;
};

/** As `workbench corpus` leaves them: what an earlier document says word for word is dropped. */
export async function documents(): Promise<string[]> {
  const random = createRandom("stages", "documents");
  const many = (count: number, one: () => string) => Array.from({ length: count }, one);
  const texts = [
    ...trainingPrompts.flatMap((prompt) => many(5, () => writeReview(prompt, random))),
    ...many(600, () => sum(random)),
    ...many(600, () => list(random)),
  ];
  const folder = mkdtempSync(join(tmpdir(), "workbench-stages-"));
  const [source, out] = [join(folder, "documents.jsonl"), join(folder, "out")];
  writeFileSync(source, texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
  const config = corpusConfig.parse({ rules: [], mask: false, duplicates: { near: false } });
  const score = () => {
    throw new Error("no reward model is asked for");
  };
  await makeCorpus({ folders: [source], out, config, tested: new Set(), score });
  const kept = readdirSync(join(out, "texts")).flatMap((name) => linesIn(join(out, "texts", name)));
  rmSync(folder, { recursive: true });
  return kept.map((line) => JSON.stringify({ text: (JSON.parse(line) as { text: string }).text }));
}

const linesIn = (path: string) => readFileSync(path, "utf8").trim().split("\n");

/** Documents that no model is trained on: of what later stages are about, and of what they are not. */
export function heldOutDocuments(): { reviews: string[]; sums: string[] } {
  const random = createRandom("stages", "held out");
  return {
    reviews: heldOutPrompts.map((prompt) => writeReview(prompt, random)),
    sums: heldOutPrompts.map((_, i) => (i % 2 === 0 ? sum(random) : list(random))),
  };
}

/** Reviews of every quality as answers, which SFT imitates; two to each prompt. */
export const conversations = (prompts: string[], stream: string): string[] => {
  const random = createRandom("stages", stream);
  return [...prompts, ...prompts].map((prompt) =>
    JSON.stringify({
      prompt: [{ role: "user", content: prompt }],
      completion: [{ role: "assistant", content: writeReview(prompt, random) }],
    }),
  );
};
