// What is known of a model, in a line. For pages too.
import type { ModelLook } from "../../spec/reports";

/** "llama, 134.5 M parameters, 30 layers; 8,192 tokens of context" */
export function lookWords({ family, parameters, layers, context, template, scores, says }: ModelLook): string {
  const rounded = (value: number, maximumFractionDigits: number) =>
    value.toLocaleString("en", { maximumFractionDigits });
  const size = parameters < 1e9 ? `${rounded(parameters / 1e6, 1)} M` : `${rounded(parameters / 1e9, 2)} B`;
  return [
    `${scores ? "reward model, " : ""}${family}, ${size} parameters, ${layers} layers`,
    ...(context ? [`${context.toLocaleString("en")} tokens of context`] : []),
    ...(template ? [] : ["no chat template"]),
    ...(says ? [`says “${says.length > 60 ? `${says.slice(0, 59)}…` : says}”`] : []),
  ].join("; ");
}
