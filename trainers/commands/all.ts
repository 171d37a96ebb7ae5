// The commands that need TensorFlow or read models. None loads any of it before it is asked for.
import { chat } from "./chat";
import { describeConfig } from "./describe-config";
import { describeModel } from "./describe-model";
import { dryRun } from "./dry-run";
import { env } from "./env";
import { exportGguf } from "./export-gguf";
import { generate } from "./generate";
import { generatePairs } from "./generate-pairs";
import { measureQuantised } from "./measure-quantised";
import { merge } from "./merge";
import { preflight } from "./preflight";
import { scorePairs } from "./score-pairs";
import { train } from "./train";
import { tryModel } from "./try-model";

export const commands = [
  train,
  preflight,
  dryRun,
  generate,
  generatePairs,
  chat,
  scorePairs,
  merge,
  measureQuantised,
  exportGguf,
  describeModel,
  describeConfig,
  tryModel,
  env,
];
