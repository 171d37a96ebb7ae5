// Folders whose linear layers are packed by GPTQ (Frantar et al. 2023, arXiv 2210.17323) or AWQ (Lin et al. 2024, arXiv 2306.00978), read as the numbers
// behind their codes: w = scale · (code − zero), with a scale and a zero for each group of inputs and each output. In place of `layer.weight` a file has
// `layer.qweight`, `layer.qzeros`, `layer.scales` and, of GPTQ, `layer.g_idx`, the group of each input.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../fields";
import { type Packing, packing } from "../packing";
import { floatMemory } from "./float-memory";
import type { HostTensor, HostWords, OpenedWeights } from "./safetensors";

/** The weights of a folder, packed layers as `layer.weight` [out, in], each unpacked when it is asked for. */
export function unpacked(folder: string, weights: OpenedWeights): OpenedWeights {
  const path = join(folder, "config.json");
  const given = existsSync(path) ? packing.safeParse(readJson(path).quantization_config) : null;
  if (!given?.success) return weights;
  const layers = new Set(
    [...weights.shapes.keys()].flatMap((name) => (name.endsWith(".qweight") ? name.slice(0, -".qweight".length) : [])),
  );
  const isPart = (name: string) => layers.has(name.replace(/\.(qweight|qzeros|scales|g_idx)$/, ""));
  const shapes = new Map([...weights.shapes].filter(([name]) => !isPart(name)));
  for (const layer of layers) shapes.set(`${layer}.weight`, shapeOf(weights, layer, given.data));
  return {
    shapes,
    get(name) {
      const layer = name.replace(/\.weight$/, "");
      return layers.has(layer) ? unpack(weights, layer, given.data) : weights.get(name);
    },
  };
}

function shapeOf({ shapes }: OpenedWeights, layer: string, { quant_method, bits }: Packing): [number, number] {
  const [rows, columns] = shapes.get(`${layer}.qweight`) as [number, number];
  const each = 32 / bits;
  return quant_method === "gptq" ? [columns, rows * each] : [columns * each, rows];
}

/** AWQ has the columns of eight in this order in a word, the lowest bits first. */
const awqOrder = [0, 2, 4, 6, 1, 3, 5, 7];

function unpack(weights: OpenedWeights, layer: string, how: Packing): HostTensor {
  const [outputs, inputs] = shapeOf(weights, layer, how);
  const { bits, quant_method: method } = how;
  const [codes, zeros] = ["qweight", "qzeros"].map((part) => wordsOf(weights, `${layer}.${part}`)) as [
    HostWords,
    HostWords,
  ];
  const scales = weights.get(`${layer}.scales`);
  if (!scales) throw new Error(`${layer}.scales is missing`);
  const groups = scales.shape[0]!;
  const groupOf = method === "gptq" ? wordsOf(weights, `${layer}.g_idx`).data : evenly(inputs, groups);
  const [each, most] = [32 / bits, 2 ** bits - 1];
  const placeIn =
    method === "awq"
      ? awqOrder.map((_, column) => awqOrder.indexOf(column))
      : Array.from({ length: each }, (_, i) => i);
  /** The number at `index` of a row of words, whose codes lie side by side. */
  const along = ({ data, shape }: HostWords, row: number, index: number) =>
    (data[row * shape[1]! + Math.floor(index / each)]! >>> (bits * placeIn[index % each]!)) & most;
  const code =
    method === "awq"
      ? (i: number, o: number) => along(codes, i, o)
      : (i: number, o: number) => (codes.data[Math.floor(i / each) * outputs + o]! >>> (bits * (i % each))) & most;
  const before = "checkpoint_format" in how && how.checkpoint_format === "gptq" ? 1 : 0; // it keeps zero − 1
  const data = floatMemory(outputs * inputs);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      const group = groupOf[i]!;
      const zero = (along(zeros, group, o) + before) & most;
      data[o * inputs + i] = scales.data[group * outputs + o]! * (code(i, o) - zero);
    }
  return { shape: [outputs, inputs], data };
}

const evenly = (inputs: number, groups: number) =>
  Int32Array.from({ length: inputs }, (_, i) => Math.floor((i * groups) / inputs));

function wordsOf({ words }: OpenedWeights, name: string): HostWords {
  const found = words?.(name);
  if (!found) throw new Error(`${name} is missing`);
  return found;
}
