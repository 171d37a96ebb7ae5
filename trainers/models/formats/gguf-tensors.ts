// Which tensors a GGUF file of a model has, and of which of Transformers' they are made: one each, but for experts, of which GGUF stacks
// all gates, all ups and all downs of a block.
import type { ModelConfig } from "../config";
import { familyOf, weightShapes } from "../families";
import { blockName } from "../names";
import type { GgufFamily } from "./gguf-family";
import { refolded } from "./gguf-state-space";

export interface GgufTensor {
  /** GGUF's name. */
  to: string;
  /** As GGUF has it, slowest dimension first. */
  shape: number[];
  /** Of Transformers' tensors, which one after the other make it. */
  parts: Part[];
  /** Its numbers lie in another shape than Transformers'. */
  isRefolded: boolean;
}

export interface Part {
  name: string;
  /** Where it begins there, and how many numbers it has. */
  at: number;
  size: number;
}

/** Throws on a weight that the family has no place for in GGUF. */
export function ggufTensors(family: GgufFamily, config: ModelConfig): GgufTensor[] {
  const stacked = Array.from({ length: config.layers }, (_, layer) => stacks(config, layer)).flat();
  const inStacks = new Set(stacked.flatMap(({ parts }) => parts.map(({ name }) => name)));
  const alone = Object.entries(weightShapes(config))
    .filter(([name]) => !inStacks.has(name))
    .map(([name, shape]) => {
      const other = refolded(config, name, shape);
      return {
        to: ggufName(family, name),
        shape: other ?? (isTransposed(config, name) ? shape.toReversed() : shape),
        parts: [{ name, at: 0, size: elements(shape) }],
        isRefolded: other !== null,
      };
    });
  return [...alone, ...stacked];
}

/** Of one below the other, gate and up of each expert in turn, GGUF keeps the gates apart from the ups. */
function stacks(config: ModelConfig, layer: number): GgufTensor[] {
  const names = familyOf(config).experts?.(config);
  if (!names) return [];
  const { hiddenSize: d, intermediateSize: f } = config;
  const { experts } = config.mixture!;
  const stack = (part: string, from: readonly string[], placeOf: (expert: number) => number, rows: number) => {
    const whole = elements(names.shapes[from[0]!]!);
    return {
      to: `blk.${layer}.${part}.weight`,
      shape: [experts, rows, (d * f) / rows],
      parts: Array.from({ length: experts }, (_, expert) => {
        const place = placeOf(expert) * d * f;
        return {
          name: `${blockName(config, layer)}${from[Math.floor(place / whole)]}`,
          at: place % whole,
          size: d * f,
        };
      }),
      isRefolded: true,
    };
  };
  return [
    stack("ffn_gate_exps", names.gateUp, (expert) => 2 * expert, f),
    stack("ffn_up_exps", names.gateUp, (expert) => 2 * expert + 1, f),
    stack("ffn_down_exps", names.down, (expert) => expert, d),
  ];
}

/** Whether Transformers keeps a matrix as [in, out]. */
export function isTransposed(config: ModelConfig, name: string): boolean {
  const { inByOut, linearShapes } = familyOf(config);
  return inByOut === true && Object.keys(linearShapes(config)).some((linear) => name.endsWith(`.${linear}.weight`));
}

/** Throws on a tensor that the family does not have. */
function ggufName({ architecture, names, tensors, otherwise = {} }: GgufFamily, name: string): string {
  const outer: Record<string, string> = {
    [names.embedding]: "token_embd",
    [names.embeddingNorm ?? ""]: "token_embd_norm",
    [names.positions ?? ""]: "position_embd",
    [names.norm]: "output_norm",
    [names.head]: "output",
  };
  const [, module, kind] = /^(.+)\.(weight|bias)$/.exec(name) ?? [];
  if (module && Object.hasOwn(outer, module)) return `${outer[module]}.${kind}`;
  const [layer, ...rest] = name.slice(names.blocks.length + 1).split(".");
  const within = rest.join(".");
  const whole = Object.keys(otherwise).find((key) => otherwise[key] === within);
  const part = Object.keys(tensors).find((key) => `${tensors[key]}.${kind}` === within);
  const found = whole ?? (part && `${part}.${kind}`);
  if (!found || !name.startsWith(`${names.blocks}.`))
    throw new Error(`GGUF's ${architecture} has no place for ${name}`);
  return `blk.${layer}.${found}`;
}

const elements = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
