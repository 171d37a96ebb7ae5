// A model's base weights as tensors: frozen (float32 or bfloat16) under adapters, or variables when every weight is trained.

import { type AskedQuantisation, type HeldBase, heldInFull, learntOver } from "../../spec/fields/model";
import { nodeBackend } from "../engine/binding";
import { toBfloat16 } from "../engine/custom";
import { fourBitMatrix } from "../engine/four-bit/matrix";
import { blockMatrix } from "../engine/gguf-blocks/matrix";
import { toInt8 } from "../engine/int8/codes";
import { int8Matrix } from "../engine/int8/matrix";
import { type FrozenMatrix, frozenMatrix, frozenRows, type WithRows } from "../engine/linear";
import { stackedMatrix } from "../engine/stacked";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "./config";
import { familyOf, weightShapes } from "./families";
import type { HostTensor, WeightSource } from "./formats/safetensors";
import { heldBlocks } from "./held-blocks";
import type { Weights } from "./model";
import { blockName, linearName, namesOf } from "./names";
import { quantisedLayers } from "./quantised-layers";

export function frozenWeights(
  config: ModelConfig,
  host: WeightSource,
  dtype: "float32" | "bfloat16",
  held: HeldBase<AskedQuantisation> = heldInFull,
): Weights {
  const upload = ({ shape, data }: HostTensor) =>
    shape.length === 1 ? tf.tensor1d(data) : tf.tensor2d(data, rowsOf(shape));
  const { quantisation } = learntOver(held);
  const quantised = quantisedLayers(config, learntOver(held));
  const inBlocks = heldBlocks(config, host, held);
  const wayOf = (name: string) => (inBlocks.has(name) ? "blocks" : quantised.has(name) ? "codes" : "full");
  const numbers = (names: string[]) =>
    [...checked(config, host, names, upload).values()].map((matrix) => outByIn(config, matrix));
  const rows = (names: string[], way: ReturnType<typeof wayOf>): WithRows => {
    if (way === "blocks")
      return blockMatrix(
        names.map((name) => host.blocks!.read(name, inBlocks.get(name)!)),
        dtype,
      );
    if (way === "codes") return fourBitMatrix(numbers(names), dtype, quantisation!);
    return frozenRows(stacked(numbers(names)), dtype);
  };
  const linear = (names: string[]): FrozenMatrix => {
    if (held.quantisation === "int8") return int8Matrix(numbers(names));
    const runs = runsOf(names, wayOf);
    if (runs.every(({ is }) => is === "full")) return frozenMatrix(stacked(numbers(names)), dtype);
    return stackedMatrix(runs.map(({ is, from, to }) => rows(names.slice(from, to), is)));
  };
  const matrices = new Map<string, FrozenMatrix>();
  const grouped = new Set<string>();
  // One after the other, since memory that is freed later is not all given back: each becomes what it is multiplied as at once.
  for (let layer = 0; layer < config.layers; layer++)
    for (const group of familyOf(config).linearGroups) {
      const names = group.map((name) => linearName(config, layer, name));
      matrices.set(names.join(), linear(names));
      for (const name of names) grouped.add(name);
    }
  const stacks = new Map<string, tf.Tensor2D>();
  for (let layer = 0; layer < config.layers; layer++)
    for (const group of expertStacks(config)) {
      const names = group.map((name) => `${blockName(config, layer)}${name}`);
      const stack = stacked([...checked(config, host, names, upload).values()] as tf.Tensor2D[]);
      stacks.set(names.join(), dtype === "bfloat16" ? narrowed(stack) : stack);
      for (const name of names) grouped.add(name);
    }
  const others = Object.keys(weightShapes(config)).filter((name) => !grouped.has(name));
  const tensors = checked(config, host, others, upload);
  return {
    ...(held.quantisation === "int8" ? endsInInt8(ends(config, tensors)) : ends(config, tensors)),
    dtype,
    vector: (name) => found(tensors, name) as tf.Tensor1D,
    matrix: (...names) => found(matrices, names.join()),
    stack: (...names) => ({
      matrix: stacks.get(names.join()) ?? (found(tensors, names.join()) as tf.Tensor2D),
      trained: false,
    }),
  };
}

/** Neighbours that are alike. */
function runsOf<T, Way>(all: T[], is: (one: T) => Way): { is: Way; from: number; to: number }[] {
  const runs: { is: Way; from: number; to: number }[] = [];
  for (const [i, one] of all.entries()) {
    const last = runs.at(-1);
    if (last?.is === is(one)) last.to = i + 1;
    else runs.push({ is: is(one), from: i, to: i + 1 });
  }
  return runs;
}

/** A mixture's stacks of experts, by names in a block. */
function expertStacks(config: ModelConfig): (readonly string[])[] {
  const names = familyOf(config).experts?.(config);
  return names ? [names.gateUp, names.down] : [];
}

/** Of one tensor that holds matrices of several experts, their rows one below the other. */
const rowsOf = (shape: number[]): [number, number] => [shape.slice(0, -1).reduce((a, b) => a * b), shape.at(-1)!];

function stacked(parts: tf.Tensor2D[]): tf.Tensor2D {
  if (parts.length === 1) return parts[0]!;
  const stack = tf.concat2d(parts, 0);
  tf.dispose(parts);
  return stack;
}

function narrowed(stack: tf.Tensor2D): tf.Tensor2D {
  const narrow = toBfloat16(stack);
  stack.dispose();
  return narrow;
}

/** A matrix of a linear layer as [out, in]. Takes over `matrix`, which is as files have it. */
function outByIn(config: ModelConfig, matrix: tf.Tensor): tf.Tensor2D {
  if (!familyOf(config).inByOut) return matrix as tf.Tensor2D;
  const turned = tf.transpose(matrix as tf.Tensor2D);
  matrix.dispose();
  return turned;
}

/** Every weight a variable in float32, by name, of which linear layers are multiplied in `dtype`. */
export function trainableWeights(
  config: ModelConfig,
  host: WeightSource,
  dtype: "float32" | "bfloat16",
): { weights: Weights; variables: Map<string, tf.Variable> } {
  const names = Object.keys(weightShapes(config));
  const variables = checked(config, host, names, ({ shape, data }) => tf.variable(tf.tensor(data, shape)));
  const weights = {
    ...ends(config, variables),
    dtype,
    vector: (name: string) => found(variables, name) as unknown as tf.Tensor1D,
    matrix: (...names: string[]) => {
      const stored = names.map((name) => found(variables, name) as unknown as tf.Tensor2D);
      const parts = familyOf(config).inByOut ? stored.map((matrix) => tf.transpose(matrix)) : stored;
      return parts.length === 1 ? parts[0]! : tf.concat2d(parts, 0);
    },
    stack: (...names: string[]) => {
      const parts = names.map((name) => {
        const part = found(variables, name) as tf.Tensor;
        return part.reshape<tf.Tensor2D>(rowsOf(part.shape));
      });
      return { matrix: parts.length === 1 ? parts[0]! : tf.concat2d(parts, 0), trained: true };
    },
  };
  return { weights, variables };
}

function checked<T extends tf.Tensor>(
  config: ModelConfig,
  host: WeightSource,
  names: string[],
  make: (tensor: HostTensor) => T,
): Map<string, T> {
  const shapes = weightShapes(config);
  return new Map(
    names.map((name) => {
      const shape = shapes[name]!;
      const tensor = host.get(name);
      if (!tensor || tensor.shape.join() !== shape.join())
        throw new Error(
          `weight ${name} should be [${shape}] by the model's config and is ${tensor ? `[${tensor.shape}]` : "missing"}`,
        );
      const made = make(tensor);
      nodeBackend().getInputTensorIds([made]); // uploads, so that the copy in JavaScript can go
      return [name, made];
    }),
  );
}

type Ends = Pick<Weights, "embedding" | "head" | "positions">;
type FullEnds = Ends & { head: tf.Tensor2D };

function ends(config: ModelConfig, tensors: Map<string, tf.Tensor>): FullEnds {
  const names = namesOf(config);
  const embedding = found(tensors, `${names.embedding}.weight`) as tf.Tensor2D;
  const positions = tensors.get(`${names.positions}.weight`) as tf.Tensor2D | undefined;
  return {
    embedding,
    head: (tensors.get(`${names.head}.weight`) as tf.Tensor2D | undefined) ?? embedding,
    ...(positions && { positions }),
  };
}

/** Takes over a head that is not tied to the embeddings. These stay as they are: only few of their rows are read. */
function endsInInt8({ embedding, head, ...others }: FullEnds): Ends {
  return { ...others, embedding, head: toInt8([head === embedding ? tf.clone(head) : head]) };
}

function found<T>(map: Map<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`no weight ${name}`);
  return value;
}
