// Weights of a mixture as Transformers 5 holds them in memory, which it writes with save_original_format=False: all experts in one tensor.
// They are read under the names and in the shapes that files of the family usually have, an expert a matrix.
import type { ModelConfig } from "../config";
import { familyOf } from "../families";
import type { ExpertNames } from "../family";
import { blockName } from "../names";
import type { HostTensor, OpenedWeights } from "./safetensors";

/** Where a tensor lies in another of the file. */
interface Place {
  tensor: string;
  shape: number[];
  /** The how-manieth of tensors of its shape there. */
  index: number;
}

/** `weights` under the usual names. Tensors that are not as Transformers would write them stay, for checkTensors to name. */
export function separateExperts(config: ModelConfig, weights: OpenedWeights): OpenedWeights {
  const names = familyOf(config).experts?.(config);
  if (!names) return weights;
  const places = new Map<string, Place>();
  for (let layer = 0; layer < config.layers; layer++) {
    const at = blockName(config, layer);
    for (const [tensor, parts] of fusedParts(names)) {
      const found = weights.shapes.get(`${at}${tensor}`);
      const size = parts.reduce((sum, part) => sum + elements(names.shapes[part]!), 0);
      if (
        !found ||
        parts.includes(tensor) ||
        elements(found) !== size ||
        found.at(-1) !== names.shapes[parts[0]!]!.at(-1)
      )
        continue;
      parts.forEach((part, index) => {
        places.set(`${at}${part}`, { tensor: `${at}${tensor}`, shape: names.shapes[part]!, index });
      });
    }
  }
  if (places.size === 0) return weights;
  const fused = new Set([...places.values()].map(({ tensor }) => tensor));
  const others = [...weights.shapes].filter(([name]) => !fused.has(name));
  let last: { name: string; tensor: HostTensor } | null = null; // the experts of one are asked for one after the other
  return {
    shapes: new Map([...others, ...[...places].map(([name, { shape }]) => [name, shape] as const)]),
    get(name) {
      const place = places.get(name);
      if (!place) return weights.get(name);
      if (last?.name !== place.tensor) last = { name: place.tensor, tensor: weights.get(place.tensor)! };
      const size = elements(place.shape);
      return { shape: place.shape, data: last.tensor.data.subarray(place.index * size, (place.index + 1) * size) };
    },
  };
}

const fusedParts = ({ router, gateUp, down, fused }: ExpertNames) =>
  [
    [fused.router, [router]],
    [fused.gateUp, gateUp],
    [fused.down, down],
  ] as const;

const elements = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
