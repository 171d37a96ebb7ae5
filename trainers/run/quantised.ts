// Does a tuned model survive quantisation? Each type of a GGUF file, and what GPTQ and AWQ left of it, beside the unrounded weights: how far its
// next-token distribution moves along the model's own answers, what it forgets of general text, and how its answers score.
import { Refusal } from "../../common/command-line";
import type { RunConfig } from "../../spec/config";
import type { GgufType } from "../../spec/export-types";
import { methodOf } from "../../spec/methods/all";
import { packedName } from "../../spec/packed";
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
import { floatBytes } from "../models/families";
import { roundedFiles } from "../models/formats/gguf-rounded";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { weightBytes } from "../models/formats/weight-files";
import { int8Bytes } from "../models/int8-bytes";
import { readModel } from "../models/load";
import type { Model } from "../models/model";
import { originOf } from "../models/model-card";
import { type Answered, finalText, sequence } from "../rewards/answered";
import { goldRewardFor } from "../rewards/gold/tasks";
import { hasNoReward } from "../rewards/rewards";
import { evaluationPrompts } from "./evaluate";
import { silent } from "./observer";
import { resolvePlan } from "./plan";
import { createPolicy } from "./policy";
import { prepareData } from "./prepare";
import { createSetup, sampleReward } from "./setup";

/** Of a GGUF file, or as `serve --quantisation int8` holds a model. */
export type MeasuredType = GgufType | "int8";

/**
 * `adapter`: a folder in PEFT's format, or a model whose every weight was trained, of the run's last step or another; `packed`: folders that
 * `workbench pack` wrote of it. Prompts, seeds and rewards are those of the run's own evaluation.
 */
export async function measureQuantised(
  config: RunConfig,
  adapter: string,
  types: MeasuredType[],
  packed: string[],
  says: (line: string) => void,
): Promise<QuantisedReport> {
  const others = toldApart(packed.map(packedForm));
  const files = await readModel(config.model.source);
  const data = await prepareData(config, files.tokenizer);
  const { context } = createPolicy(files, config, resolvePlan(config, files, data, false, silent));
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

  const forms: QuantisedForm[] = [{ type: "float32", bytes: floatBytes(merged.config), ...measure(original) }];
  const changed = [...types.map((type) => ({ type, read: async () => formOf(merged, type) })), ...others];
  for (const [i, { type, read }] of changed.entries()) {
    says(`${i} of ${changed.length} types measured`);
    const { files, bytes, quantisation = null } = await read();
    tf.tidy(() => {
      forms.push({ type, bytes, ...measure(modelOf(files, quantisation)) });
    }); // its weights go before the next come
  }
  return { prompts: prompts.length, at: Date.now(), forms };
}

/** A model in few bits: its files, or how the numbers that they have are held. */
interface Form {
  files: LoadedFiles;
  bytes: number;
  quantisation?: "int8";
}

const formOf = (files: LoadedFiles, type: MeasuredType): Form =>
  type === "int8" ? { files, bytes: int8Bytes(files.config), quantisation: type } : roundedFiles(files, type);

interface PackedForm {
  type: string;
  folder: string;
  read: () => Promise<Form>;
}

/** A model as GPTQ or AWQ has left it, under the name of the one with its bits and groups. */
function packedForm(folder: string): PackedForm {
  const { packed } = originOf(folder);
  if (!packed) throw new Refusal(`${folder} was not written by workbench pack: its README.md says nothing of it`);
  return {
    type: packedName(packed),
    folder,
    read: async () => ({ files: await readModel(folder), bytes: weightBytes(folder) }),
  };
}

/** Those that were packed alike, as on other rows, say which folder each is. */
const toldApart = (forms: PackedForm[]): PackedForm[] =>
  forms.map((form) =>
    forms.some((other) => other !== form && other.type === form.type)
      ? { ...form, type: `${form.type} (${form.folder})` }
      : form,
  );
