// A block of Mamba (Gu & Dao 2023, arXiv 2312.00752): a convolution over few tokens and a selective state space, gated.
import { activated, gated } from "../../engine/ops";
import { scanAndState, scanStep, selectiveScan } from "../../engine/scan";
import { tf } from "../../engine/tensorflow";
import { type Mixer, stateSpaceModel } from "../parts/state-space";
import { mamba } from "./mamba";

const mixer: Mixer = (h, { config, size: [B, T], project, vector, matrix, convolve, present, before, leave }) => {
  const { intermediateSize: I, activation } = config;
  const { state: N, rank: R = 0 } = config.stateSpace!;
  const byRow = (x: tf.Tensor) => x.reshape<tf.Tensor3D>([B, T, -1]);
  const [input, gate] = tf.split(project(h, "mixer.in_proj"), 2, 1) as [tf.Tensor2D, tf.Tensor2D]; // [N, I]
  const x = activated(convolve(byRow(input)).reshape([B * T, I]), activation);
  const [low, b, c] = tf.split(project(x, "mixer.x_proj"), [R, N, N], 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const steps = byRow(tf.softplus(project(low, "mixer.dt_proj"))); // [B, T, I]
  const tokens = {
    x: byRow(x),
    dt: present ? steps.mul<tf.Tensor3D>(present) : steps,
    a: matrix("mixer.A_log").exp().neg<tf.Tensor2D>(),
    b: byRow(b),
    c: byRow(c),
  };
  const scanned = before ? scanStep(tokens, before) : leave ? scanAndState(tokens) : { y: selectiveScan(tokens) };
  if ("state" in scanned) leave?.(scanned.state);
  const y = scanned.y.reshape<tf.Tensor2D>([B * T, I]).add<tf.Tensor2D>(x.mul(vector("mixer.D")));
  return project(gated(gate, y), "mixer.out_proj");
};

export const mambaTransformer = stateSpaceModel(mixer, mamba);
