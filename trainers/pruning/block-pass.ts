// One block of a model over one row, with something done at each of its linear layers.
import { adaptableLayers } from "../adapters/targets";
import type { Adapter, Tuner } from "../engine/adapter";
import type { LayerChange } from "../engine/linear";
import { tf } from "../engine/tensorflow";
import { causal, noAttention } from "../inference/segments";
import type { Model } from "../models/model";
import { blockName } from "../models/names";
import { transformer } from "../models/transformer";

/** What block `layer` makes of `before`, what the block before made of the row `ids`; nothing before the first. [T, d] → [T, d] */
export function blockPass(
  model: Model,
  layer: number,
  ids: number[],
  before: tf.Tensor2D | null,
  change: (module: string) => LayerChange,
): tf.Tensor2D {
  return tf.tidy(() => {
    const sequence = {
      ids: tf.tensor2d([ids], undefined, "int32"),
      positions: tf.range(0, ids.length, 1, "int32").expandDims<tf.Tensor2D>(0),
      blocks: { from: layer, to: layer + 1 },
      ...(before && { embedded: before }),
    };
    const attend = model.config.stateSpace ? noAttention : causal(model.config);
    return transformer(model, changing(model, layer, change), sequence, attend);
  });
}

/** As an adapter without weights of its own. */
function changing({ config }: Model, layer: number, change: (module: string) => LayerChange): Adapter {
  const modules = new Set(adaptableLayers(config).map((name) => `${blockName(config, layer)}${name}`));
  const tuner: Tuner = {
    config: { peft_type: "NONE" },
    shapes: new Map(),
    fresh: () => ({ tuner, weights: new Map() }),
    startsAtZeroGradient: () => false,
    change: (_, module) => (modules.has(module) ? change(module) : null),
    merged: () => null,
  };
  return { tuner, weights: new Map() };
}

/** Adds ‖X_j‖² of what layers read to `squares`, by their names. */
export const watching =
  (squares: Map<string, tf.Tensor1D>) =>
  (module: string): LayerChange => ({
    apply(x, frozen) {
      const before = squares.get(module);
      const own = x.square().sum<tf.Tensor1D>(0);
      squares.set(module, tf.keep(before ? before.add(own) : own));
      before?.dispose();
      return frozen.output(x);
    },
  });

/** Multiplies with these matrices [out, in] instead of the layers' own. */
export const multiplying =
  (matrices: Map<string, tf.Tensor2D>) =>
  (module: string): LayerChange => ({
    apply(x, { bias }) {
      const y: tf.Tensor2D = tf.matMul(x, matrices.get(module)!, false, true);
      return bias ? y.add(bias) : y;
    },
  });
