// Does a tuned model survive quantisation? Each type of a GGUF file beside the unrounded weights: how far its next-token distribution moves along
// the model's own answers, what it forgets of general text, and how its answers score.
import type { RunConfig } from "../../spec/config";
import type { GgufType } from "../../spec/export-types";
import { methodOf } from "../../spec/methods/all";
import type { QuantisedForm, QuantisedReport } from "../../spec/reports";
import { tf } from "../engine/tensorflow";
import { environmentOf } from "../environments/environment";
import { distance, modelOf } from "../evaluation/distance";
import { createPerplexity } from "../evaluation/general-text";
import { fixedAnswers, meanOf, win } from "../evaluation/on-policy";
import { tokenBatch } from "../inference/batches";
import { tunedFiles } from "../inference/frozen-policy";
import { createSampler } from "../inference/sampling";
import { trainingOf } from "../methods/methods";
import { weightShapes } from "../models/families";
import { roundedFiles } from "../models/formats/gguf-rounded";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { readModel } from "../models/load";
import type { Model } from "../models/model";
import { type Answered, finalText, sequence } from "../rewards/answered";
import { goldRewardFor } from "../rewards/gold/tasks";
import { hasNoReward } from "../rewards/rewards";
import { evaluationPrompts } from "./evaluate";
import { silent } from "./observer";
import { resolvePlan } from "./plan";
import { createPolicy } from "./policy";
import { prepareData } from "./prepare";
import { createSetup, sampleReward } from "./setup";

/** `adapter`: a folder in PEFT's format, or a model whose every weight was trained, of the run's last step or another. Prompts, seeds and rewards are those of the run's own evaluation. */
export async function measureQuantised(
  config: RunConfig,
  adapter: string,
  types: GgufType[],
  says: (line: string) => void,
): Promise<QuantisedReport> {
  const files = await readModel(config.model.source);
  const data = await prepareData(config, files.tokenizer);
  const { context } = createPolicy(files, config, resolvePlan(config, files, data.longestRow, false, silent));
  const setup = await createSetup(config, { observer: silent }, files, context, [
    ...data.groups.train,
    ...data.groups.heldOut,
  ]);
  const learntFrom = methodOf(config).onPolicy // others have none, and would score all rows before their first step
    ? (trainingOf(config).create(setup, config, data.dataset).reward ?? null)
    : null;
  const reward = sampleReward(config, setup, learntFrom);
  const prompts = evaluationPrompts(data.dataset, config.samplePrompts);
  const merged = await tunedFiles(config.model.source, adapter);
  const { tokenizer } = files;
  const environment = environmentOf(config, setup.note);

  function answersOf(model: Model): { answers: Answered[]; gold: number[] | null; rewards: (number | null)[] | null } {
    const answers = fixedAnswers(createSampler(model, null), prompts, config, tokenizer, environment);
    const gold = answers.map((answer, i) => goldRewardFor(prompts[i]!.prompt, finalText(tokenizer, answer)));
    const scored = reward?.(answers);
    return {
      answers,
      gold: gold.every((score) => score !== null) ? gold : null,
      rewards: scored ? scored.scores.map((score, i) => (hasNoReward(scored, i) ? null : score)) : null,
    };
  }

  const original = modelOf(merged);
  const own = answersOf(original);
  const batch = tokenBatch(
    own.answers.map((answer) => [sequence(answer)]),
    tokenizer.pad,
  );
  const judged = own.gold ?? own.rewards;

  function measure(model: Model): Omit<QuantisedForm, "type" | "bytes"> {
    const { gold, rewards } = model === original ? own : answersOf(model);
    const scores = own.gold ? gold : rewards;
    const wins = (scores ?? []).flatMap((score, i) => {
      const before = judged![i]!;
      return score === null || before === null ? [] : [win(score, before)];
    });
    const given = (rewards ?? []).filter((score) => score !== null);
    return {
      perplexity: createPerplexity(model, null, tokenizer)(),
      ...distance(original, model, batch),
      gold: gold && meanOf(gold),
      reward: given.length > 0 ? meanOf(given) : null,
      winRate: wins.length > 0 ? meanOf(wins) : null,
    };
  }

  const forms: QuantisedForm[] = [{ type: "float32", bytes: bytesOf(merged), ...measure(original) }];
  for (const [i, type] of types.entries()) {
    says(`${i} of ${types.length} types measured`);
    const { files: rounded, bytes } = roundedFiles(merged, type);
    tf.tidy(() => {
      forms.push({ type, bytes, ...measure(modelOf(rounded)) });
    }); // its weights go before the next come
  }
  return { prompts: prompts.length, at: Date.now(), forms };
}

const bytesOf = ({ config }: LoadedFiles): number =>
  Object.values(weightShapes(config)).reduce((sum, shape) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
