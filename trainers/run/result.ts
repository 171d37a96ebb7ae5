// What a finished run leaves in its output folder: the adapter in PEFT format, or the whole model with its tokenizer; a reward model's scale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { whenThereIsRoom } from "../../common/full-disk";
import type { RunConfig } from "../../spec/config";
import type { Tokens } from "../data/tokenize";
import type { Tree } from "../engine/jit/compile";
import { createMeter, rewardScale } from "../evaluation/held-out";
import type { Method } from "../methods/method";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { type Trained, writeBeside, writePolicy } from "./checkpoint";
import { checkReference } from "./checks";
import type { Observer } from "./observer";

/** The last checks of a run that reached its end, then its result. */
export function finishRun<Batch extends Tree>(
  config: RunConfig,
  observer: Observer,
  files: LoadedFiles,
  groups: Tokens[][],
  method: Method<Batch>,
  trained: Trained,
): void {
  const { referenceScores, head } = method;
  const unchanged = referenceScores && checkReference(referenceScores, groups, config.model.dtype);
  if (unchanged) observer.checked(unchanged);
  const { step } = trained.optimizer;
  observer.checked({ name: "finite", detail: `every metric of ${step} steps is a finite number` });
  whenThereIsRoom(() => writeResult(config, trained));
  if (head && method.stepSeparator === undefined)
    writeRewardScale(config.output, method, files.tokenizer.pad, observer);
}

function writeResult({ output, model }: RunConfig, trained: Trained): void {
  const { critic } = trained;
  if (critic) writeBeside(join(output, "value"), critic, model.source);
  writePolicy(output, trained);
}

/** Mean and standard deviation of a reward model's scores on held-out rows, or on its first batch where none are held out. */
function writeRewardScale<Batch extends Tree>(
  output: string,
  method: Method<Batch>,
  pad: number,
  { note }: Observer,
): void {
  const heldOut = method.heldOut(pad);
  const scale = rewardScale(createMeter(method)(heldOut.length > 0 ? heldOut : method.batches(0, pad)));
  const text = `${JSON.stringify(scale)}\n`;
  whenThereIsRoom(() => writeFileSync(join(output, "reward.json"), text, { flush: true }));
  note(
    `scores of ${scale.answers} answers have mean ${scale.mean.toPrecision(3)} and standard deviation ${scale.deviation.toPrecision(3)}; saved in reward.json`,
  );
}
