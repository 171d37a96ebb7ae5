// A model pruned block by block: what a block's layers read is measured with every block before it pruned already, as the authors of Wanda do
// (github.com/locuslab/wanda, lib/prune.py). The linear layers that adapters may be on are pruned; embeddings, head, norms, biases and a
// mixture's experts stay.
import { adaptableLayers } from "../adapters/targets";
import { tf } from "../engine/tensorflow";
import { baseLayer } from "../models/base-layer";
import { familyOf } from "../models/families";
import { floatMemory } from "../models/formats/float-memory";
import type { LoadedFiles } from "../models/formats/loaded-files";
import type { Model } from "../models/model";
import { blockName } from "../models/names";
import { frozenWeights } from "../models/weights";
import { blockPass, multiplying, watching } from "./block-pass";
import { type Amount, type Criterion, keptWeights } from "./criteria";

/** Which weights of a layer [out, in] are kept, by the layer's name: `model.layers.0.self_attn.q_proj`. */
export type Masks = Map<string, tf.Tensor2D>;

/** `rows`: ids of calibration text, none where the criterion needs none. */
export function pruningMasks(
  { config, host }: Pick<LoadedFiles, "config" | "host">,
  rows: number[][],
  criterion: Criterion,
  amount: Amount,
  says: (line: string) => void = () => undefined,
): Masks {
  const model: Model = { config, weights: frozenWeights(config, host, "float32"), recompute: "none" };
  const masks: Masks = new Map();
  let states: (tf.Tensor2D | null)[] = rows.map(() => null);
  for (let layer = 0; layer < config.layers; layer++) {
    const squares = new Map<string, tf.Tensor1D>();
    const pruned = new Map<string, tf.Tensor2D>();
    for (const [i, ids] of rows.entries()) blockPass(model, layer, ids, states[i]!, watching(squares)).dispose();
    for (const name of adaptableLayers(config)) {
      const module = `${blockName(config, layer)}${name}`;
      tf.tidy(() => {
        const w = baseLayer(config, model.weights, module).matrix();
        const norms = squares.get(module) ?? tf.ones<tf.Rank.R1>([w.shape[1]]);
        const mask = keptWeights(criterion.scores(w, norms), criterion, amount);
        masks.set(module, tf.keep(mask));
        pruned.set(module, tf.keep(w.mul<tf.Tensor2D>(mask)));
      });
    }
    const next = rows.map((ids, i) => blockPass(model, layer, ids, states[i]!, multiplying(pruned)));
    for (const tensor of [...states, ...squares.values(), ...pruned.values()]) tensor?.dispose();
    states = next;
    says(`${layer + 1} of ${config.layers} blocks pruned`);
  }
  for (const state of states) state?.dispose();
  return masks;
}

/** The share of the layers' weights that is not kept. */
export function sparsityOf(masks: Masks): number {
  const counts = [...masks.values()].map((mask) => ({
    all: mask.size,
    kept: tf.tidy(() => mask.sum().dataSync()[0]!),
  }));
  return 1 - counts.reduce((sum, { kept }) => sum + kept, 0) / counts.reduce((sum, { all }) => sum + all, 0);
}

/** The model with 0 where a weight is not kept; each matrix is made when it is asked for. */
export function withMasks(files: LoadedFiles, masks: Masks): LoadedFiles {
  const { inByOut } = familyOf(files.config);
  const get: LoadedFiles["host"]["get"] = (name) => {
    const found = files.host.get(name);
    const mask = masks.get(name.replace(/\.weight$/, ""));
    if (!found || !mask || name.endsWith(".bias")) return found;
    const kept = tf.tidy(() => (inByOut ? tf.transpose(mask) : mask).dataSync());
    const data = floatMemory(found.data.length);
    for (let i = 0; i < data.length; i++) data[i] = kept[i] === 0 ? 0 : found.data[i]!;
    return { shape: found.shape, data };
  };
  return { ...files, host: { get } };
}
