// A block of Mamba-2 (Dao & Gu 2024, arXiv 2405.21060): as Mamba's, with states that a head's channels share rates of, and a norm behind the gate.
import { activated, gated, rmsNorm } from "../../engine/ops";
import { headScan, headScanAndState, headScanStep } from "../../engine/state-space-duality";
import { tf } from "../../engine/tensorflow";
import { type Mixer, stateSpaceModel } from "../parts/state-space";
import { mamba2 } from "./mamba2";

const mixer: Mixer = (h, { config, size: [B, T], project, vector, convolve, present, before, leave }) => {
  const { intermediateSize: I, activation, rmsEpsilon } = config;
  const { state: N } = config.stateSpace!;
  const heads = config.stateSpace!.heads!;
  const { count: H, width: P, groups: G } = heads;
  const byRow = (x: tf.Tensor) => x.reshape<tf.Tensor3D>([B, T, -1]);
  const wide = I + 2 * G * N;
  const [gate, input, low] = tf.split(project(h, "mixer.in_proj"), [I, wide, H], 1) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const mixed = activated(convolve(byRow(input)).reshape([B * T, wide]), activation);
  const [x, b, c] = tf.split(mixed, [I, G * N, G * N], 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const steps = byRow(tf.softplus(low.add(vector("mixer.dt_bias")))); // [B, T, H]
  const tokens = {
    x: byRow(x),
    dt: present ? steps.mul<tf.Tensor3D>(present) : steps,
    a: vector("mixer.A_log").exp().neg<tf.Tensor1D>(),
    b: byRow(b),
    c: byRow(c),
  };
  const scanned = before
    ? headScanStep(tokens, heads, before)
    : leave
      ? headScanAndState(tokens, heads)
      : { y: headScan(tokens, heads) };
  if ("state" in scanned) leave?.(scanned.state);
  const skipped = x.reshape([B * T, H, P]).mul(vector("mixer.D").reshape([H, 1]));
  const y = scanned.y.reshape([B * T, I]).add<tf.Tensor2D>(skipped.reshape([B * T, I]));
  const grouped = gated(gate, y).reshape<tf.Tensor2D>([B * T * G, I / G]);
  const normed = rmsNorm(grouped, tf.ones([I / G]), rmsEpsilon).reshape<tf.Tensor2D>([B * T, I]);
  return project(normed.mul(vector("mixer.norm.weight")), "mixer.out_proj");
};

export const mamba2Transformer = stateSpaceModel(mixer, mamba2);
