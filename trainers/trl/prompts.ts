// What a script of GRPO samples from, and is scored by.
import { resolve } from "node:path";
import { modelPath } from "../../common/model-paths";
import { FieldError } from "../../spec/field-error";
import type { GrpoConfig } from "../../spec/methods/grpo";
import { type Dataset, type Example, forReward } from "../data/dataset";
import { promptRows } from "../data/prompt-rows";
import { type Tokens, tokenizePrompt } from "../data/tokenize";
import { rewardModelPath } from "../models/scorer-config";
import type { ChatTokenizer } from "../models/tokenizer";

/** The run's prompts, with what its reward reads of their rows. */
export async function promptsFor(config: GrpoConfig, tokenizer: ChatTokenizer): Promise<Dataset<object>> {
  const { train, notes } = await promptRows(config, tokenizer);
  for (const example of train) refuseOwnTemplate(example, tokenizer);
  const asked = train.map((example) => ({ ...example, tokens: { prompt: example.prompt, ...forReward(example) } }));
  return { train: asked, heldOut: [], notes };
}

function refuseOwnTemplate({ prompt, promptIds }: Example<Tokens>, tokenizer: ChatTokenizer): void {
  if (prompt === null || tokenizePrompt(tokenizer, prompt).join() === promptIds.join()) return;
  throw new FieldError(
    "data.train",
    `TRL's GRPO renders all prompts alike, and the row ${JSON.stringify(prompt).slice(0, 80)} has tools or template variables of its own: leave such rows out`,
  );
}

/** The same run, for a program that is started in another folder. */
export function fromAnywhere(config: GrpoConfig): GrpoConfig {
  const { reward } = config.grpo;
  const model = reward.model && [reward.model].flat().map((source) => resolve(rewardModelPath(source)));
  const ownFunction = reward.function && { ...reward.function, file: resolve(reward.function.file) };
  return {
    ...config,
    model: { ...config.model, source: resolve(modelPath(config.model.source)) },
    grpo: { ...config.grpo, reward: { ...reward, model, function: ownFunction } },
  };
}
