// Whether the model has a position for every token that a run will show it.
import type { RunConfig } from "../../spec/config";
import type { Problem } from "../../spec/errors";
import { FieldError } from "../../spec/field-error";
import { methodOf } from "../../spec/methods/all";
import type { ModelConfig } from "../models/config";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { longestSequence, madeFor, tooLong } from "../models/position-limit";
import { evaluationPrompts } from "./evaluate";
import type { RunData } from "./prepare";

/** Throws where rows, prompts with their longest answers, or the sample completions between steps would be longer than the model can compute. */
export function checkLengths(config: RunConfig, model: ModelConfig, { dataset, groups, sampled }: RunData): void {
  const virtual = config.adapter && "virtualTokens" in config.adapter ? config.adapter.virtualTokens : 0;
  const most = longestSequence(model) - virtual;
  const longest = longestOf({ groups, sampled });
  if (longest > most) {
    const [what, advice] = methodOf(config).samples(config)
      ? ["a prompt with its longest completion", "lower Max length, which prompts keep to, or the completion length"]
      : ["a row", config.data.tokens ? "cut the rows of the token file" : `set Max length to ${most} or less`];
    throw new FieldError("data.maxLength", tooLong(longest, most, what, advice));
  }
  if (config.sampleEvery === null) return;
  const prompts = evaluationPrompts(dataset, config.samplePrompts).map(({ ids }) => ids.length);
  const asked = Math.max(0, ...prompts) + config.sampleLength;
  const advice = "lower the length of sample completions";
  if (asked > most)
    throw new FieldError("sampleLength", tooLong(asked, most, "a sample prompt with its answer", advice));
}

const longestOf = ({ groups, sampled }: Pick<RunData, "groups" | "sampled">): number =>
  [...groups.train, ...groups.heldOut, sampled]
    .flat()
    .reduce((tokens, { input_ids }) => Math.max(tokens, input_ids.length), 0);

/** What can be computed, and was not meant. */
export function beyondContext(files: Pick<LoadedFiles, "config" | "companions">, data: RunData): Problem[] {
  const [longest, context] = [longestOf(data), madeFor(files)];
  if (longest <= context) return [];
  const message = `a row has ${longest} tokens and the model was made for ${context}, after which it reads worse; lower it, or write the model for longer rows by workbench extend-context`;
  return [{ path: "data.maxLength", message }];
}
