// What is known of a model, in a line. For pages too.
import type { Packed } from "../../spec/packed";
import type { ModelLook } from "../../spec/reports";

/** "llama, 134.5 M parameters, 30 layers; 8,192 tokens of context" */
export function lookWords(look: ModelLook): string {
  const { family, parameters, active, layers, context, template, scores, says, sparsity, packed } = look;
  const size = (count: number) => (count < 1e9 ? `${rounded(count / 1e6, 1)} M` : `${rounded(count / 1e9, 2)} B`);
  const used = active === undefined ? "" : ` (${size(active)} active)`;
  return [
    `${scores ? "reward model, " : ""}${family}, ${size(parameters)} parameters${used}, ${layers} layers`,
    ...(sparsity === undefined ? [] : [`pruned, ${rounded(100 * sparsity, 1)} % of its layers' weights are 0`]),
    ...(packed ? [packedWords(packed)] : []),
    ...(context ? [`${context.toLocaleString("en")} tokens of context`] : []),
    ...(template ? [] : ["no chat template"]),
    ...(says ? [`says “${says.length > 60 ? `${says.slice(0, 59)}…` : says}”`] : []),
  ].join("; ");
}

/** "packed by GPTQ in 4 bits, a scale for each 64 inputs, 538.1 to 118.2 MB, perplexity 12.31 to 12.9, KL 0.0213 nats a token, same next token 95.1 %" */
function packedWords({ by, bits, group, bytes, perplexity, kl, sameTop }: Packed): string {
  return [
    `packed by ${by.toUpperCase()} in ${bits} bits`,
    `a scale for each ${group} inputs`,
    `${rounded(bytes.before / 1e6, 1)} to ${rounded(bytes.after / 1e6, 1)} MB`,
    `perplexity ${rounded(perplexity.before, 2)} to ${rounded(perplexity.after, 2)}`,
    `KL ${kl.mean.toLocaleString("en", { maximumSignificantDigits: 3 })} nats a token`,
    `same next token ${rounded(100 * sameTop, 1)} %`,
  ].join(", ");
}

const rounded = (value: number, maximumFractionDigits: number): string =>
  value.toLocaleString("en", { maximumFractionDigits });
