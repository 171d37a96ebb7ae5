// The commands that need TensorFlow or read models. None loads any of it before it is asked for.
import { addTokens } from "./add-tokens";
import { chat } from "./chat";
import { combineAdapters } from "./combine-adapters";
import { compareTokenizers } from "./compare-tokenizers";
import { continueSteps } from "./continue-steps";
import { describeConfig } from "./describe-config";
import { describeModel } from "./describe-model";
import { dryRun } from "./dry-run";
import { env } from "./env";
import { evaluate } from "./evaluate";
import { evaluatePreferences } from "./evaluate-preferences";
import { exportGguf } from "./export-gguf";
import { exportOpenRlhf } from "./export-openrlhf";
import { exportTrl } from "./export-trl";
import { extendContext } from "./extend-context";
import { generate } from "./generate";
import { generatePairs } from "./generate-pairs";
import { inspectModel } from "./inspect-model";
import { measureQuantised } from "./measure-quantised";
import { merge } from "./merge";
import { pack } from "./pack";
import { preflight } from "./preflight";
import { prune } from "./prune";
import { renderRows } from "./render-rows";
import { scoreCompletions } from "./score-completions";
import { scorePairs } from "./score-pairs";
import { scoreTexts } from "./score-texts";
import { searchTrees } from "./search-trees";
import { serve } from "./serve";
import { serveReward } from "./serve-reward";
import { setTemplate } from "./set-template";
import { train } from "./train";
import { trainTokenizer } from "./train-tokenizer";
import { tryModel } from "./try-model";
import { uptrain } from "./uptrain";

export const commands = [
  train,
  preflight,
  dryRun,
  generate,
  generatePairs,
  continueSteps,
  searchTrees,
  chat,
  serve,
  evaluate,
  evaluatePreferences,
  scoreCompletions,
  serveReward,
  scorePairs,
  scoreTexts,
  merge,
  combineAdapters,
  uptrain,
  extendContext,
  setTemplate,
  trainTokenizer,
  compareTokenizers,
  addTokens,
  prune,
  pack,
  renderRows,
  measureQuantised,
  exportGguf,
  exportTrl,
  exportOpenRlhf,
  describeModel,
  describeConfig,
  inspectModel,
  tryModel,
  env,
];
