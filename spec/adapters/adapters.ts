// The kinds of adapter that a run can train: their options, by `adapter.type`. What each computes is in trainers/adapters/<kind>/.
import { z } from "zod";
import { bottleneck } from "./bottleneck";
import { ia3 } from "./ia3";
import { lora, outputHead } from "./lora";
import { prefix } from "./prefix";
import { prompt } from "./prompt";

export const adapter = z.discriminatedUnion("type", [lora, ia3, prompt, prefix, bottleneck], { error: otherType });
export type AdapterConfig = z.infer<typeof adapter>;

/** The rate of dropout that a run trains with. */
export const dropoutOf = (options: AdapterConfig | null): number => (options?.type === "lora" ? options.dropout : 0);

/** Whether a fresh one has an output head of its own: modules are named by the ends of their names. */
export const trainsHead = (options: AdapterConfig | null): boolean =>
  options?.type === "lora" && options.modulesToSave.some((name) => outputHead.endsWith(name));

/** Whether virtual tokens are learned, which stand before the text, and not changes of the model's layers. */
export const learnsPrompt = (options: AdapterConfig | null | undefined): boolean =>
  options?.type === "prompt" || options?.type === "prefix";

/** Whether it can be worked into the base's weights. */
export const canBeMerged = (options: AdapterConfig | null | undefined): boolean =>
  !learnsPrompt(options) && options?.type !== "bottleneck";

/** Whether a run begins with a policy that computes what its base does: a learned prompt says something else at once. */
export const startsAsBase = (options: AdapterConfig | null): boolean =>
  options === null || (options.init === undefined && !learnsPrompt(options));

function otherType({ code, input, options }: z.core.$ZodRawIssue): string | undefined {
  if (code !== "invalid_union") return undefined;
  const known = (options as unknown[]).filter((name) => name !== undefined); // undefined is LoRA's other name
  return `there is no adapter of type ${JSON.stringify((input as { type: unknown }).type)}; there are ${known.join(", ")}`;
}
