// What is known of a model, in a line. For pages too.
import type { ModelLook } from "../../spec/reports";

/** "llama, 134.5 M parameters, 30 layers; 8,192 tokens of context" */
export function lookWords(look: ModelLook): string {
  const { family, parameters, active, layers, context, template, scores, says, sparsity } = look;
  const rounded = (value: number, maximumFractionDigits: number) =>
    value.toLocaleString("en", { maximumFractionDigits });
  const size = (count: number) => (count < 1e9 ? `${rounded(count / 1e6, 1)} M` : `${rounded(count / 1e9, 2)} B`);
  const used = active === undefined ? "" : ` (${size(active)} active)`;
  return [
    `${scores ? "reward model, " : ""}${family}, ${size(parameters)} parameters${used}, ${layers} layers`,
    ...(sparsity === undefined ? [] : [`pruned, ${rounded(100 * sparsity, 1)} % of its layers' weights are 0`]),
    ...(context ? [`${context.toLocaleString("en")} tokens of context`] : []),
    ...(template ? [] : ["no chat template"]),
    ...(says ? [`says “${says.length > 60 ? `${says.slice(0, 59)}…` : says}”`] : []),
  ].join("; ");
}
