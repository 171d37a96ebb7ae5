// Whether the model has a position for every token that a run will show it.
import type { RunConfig } from "../../spec/config";
import type { Problem } from "../../spec/errors";
import { FieldError } from "../../spec/field-error";
import { methodOf } from "../../spec/methods/all";
import { ptxOf } from "../../spec/methods/sampling-of";
import type { ModelConfig } from "../models/config";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { longestSequence, madeFor, tooLong } from "../models/position-limit";
import { evaluationPrompts } from "./evaluate";
import type { RunData } from "./prepare";

/** Throws where rows, prompts with their longest answers, or the sample completions between steps would be longer than the model can compute. */
export function checkLengths(
  config: RunConfig,
  model: ModelConfig,
  { dataset, groups, sampled, texts }: RunData,
): void {
  const virtual = config.adapter && "virtualTokens" in config.adapter ? config.adapter.virtualTokens : 0;
  const most = longestSequence(model) - virtual;
  const longest = longestOf({ groups, sampled, texts });
  if (longest > most) {
    const { path, what, advice } = whatIsLong(config, most);
    throw new FieldError(path, tooLong(longest, most, what, advice));
  }
  if (config.sampleEvery === null) return;
  const prompts = evaluationPrompts(dataset, config.samplePrompts).map(({ ids }) => ids.length);
  const asked = Math.max(0, ...prompts) + config.sampleLength;
  const advice = "lower the length of sample completions";
  if (asked > most)
    throw new FieldError("sampleLength", tooLong(asked, most, "a sample prompt with its answer", advice));
}

const longestOf = ({ groups, sampled, texts }: Pick<RunData, "groups" | "sampled" | "texts">): number =>
  [...groups.train, ...groups.heldOut, sampled, texts]
    .flat()
    .reduce((tokens, { input_ids }) => Math.max(tokens, input_ids.length), 0);

/** What the longest sequence is, and how it becomes `most` tokens or fewer: token files are read as they are. */
function whatIsLong(config: RunConfig, most: number): { path: string; what: string; advice: string } {
  if (config.data.tokens) return { path: "data.tokens", what: "a row", advice: "cut the rows of the token file" };
  const path = "data.maxLength";
  if (!methodOf(config).samples(config)) return { path, what: "a row", advice: `set Max length to ${most} or less` };
  return {
    ...{
      path,
      what: `a prompt with its longest completion${ptxOf(config) ? ", or a text of the pre-training mix," : ""}`,
    },
    advice: "lower Max length, which prompts keep to, or the completion length",
  };
}

/** What can be computed, and was not meant. */
export function beyondContext(
  config: RunConfig,
  files: Pick<LoadedFiles, "config" | "companions">,
  data: RunData,
): Problem[] {
  const [longest, context] = [longestOf(data), madeFor(files)];
  if (longest <= context) return [];
  const { path, what, advice } = whatIsLong(config, context);
  const message = `${what} has ${longest} tokens and the model was made for ${context}, after which it reads worse; ${advice}, or write the model for longer rows by workbench extend-context`;
  return [{ path, message }];
}
