// What a script of GRPO samples from, and is scored by.
import { FieldError } from "../../spec/field-error";
import type { GrpoConfig } from "../../spec/methods/grpo";
import { type Dataset, type Example, forReward } from "../data/dataset";
import { promptRows } from "../data/prompt-rows";
import { type Tokens, tokenizePrompt } from "../data/tokenize";
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
