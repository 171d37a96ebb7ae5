// The linear layers of a block, with what an adapter makes of them.
import { type Adapter, layerChange } from "../../engine/adapter";
import { adaptedLinear } from "../../engine/linear";
import { tf } from "../../engine/tensorflow";
import type { Family } from "../family";
import type { Model } from "../model";

/** Layers of the block whose names begin with `at` that read the same input, side by side. [N, in] → [N, Σ out] */
export const projection =
  ({ config, weights }: Model, adapter: Adapter | null, shapes: ReturnType<Family["linearShapes"]>, at: string) =>
  (input: tf.Tensor2D, ...names: string[]): tf.Tensor2D => {
    const biases = names
      .filter((name) => config.biases.includes(name))
      .map((name) => weights.vector(`${at}${name}.bias`));
    return adaptedLinear(
      input,
      weights.matrix(...names.map((name) => `${at}${name}.weight`)),
      biases.length === 0 ? null : tf.concat(biases),
      names.map((name) => ({ size: shapes[name]![0], change: layerChange(adapter, `${at}${name}`) })),
      weights.dtype,
    );
  };
