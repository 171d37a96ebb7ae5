// What a finished run leaves in its output folder: the adapter in PEFT format, or the whole model with its tokenizer; a reward model's scale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunConfig } from "../../spec/config";
import { writeAdapter } from "../adapters/files";
import { writeCompanions } from "../adapters/merge";
import type { Tree } from "../engine/jit/compile";
import { createMeter, rewardScale } from "../evaluation/held-out";
import type { Method } from "../methods/method";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { streamSafetensors } from "../models/formats/safetensors";
import type { Trained } from "./checkpoint";
import type { Observer } from "./observer";

export function writeResult(
  { output, model }: RunConfig,
  { adapter, variables, critic }: Trained,
  files: LoadedFiles,
): void {
  if (adapter) {
    writeAdapter(output, adapter, model.source);
    if (critic) writeAdapter(join(output, "value"), critic, model.source);
    return;
  }
  const shapes = Object.fromEntries([...variables].map(([name, { shape }]) => [name, shape]));
  streamSafetensors(join(output, "model.safetensors"), shapes, (name) => variables.get(name)!.dataSync<"float32">());
  writeCompanions(output, files.companions());
}

/** Mean and deviation of a reward model's scores on held-out rows, or on its first batch where none are held out. */
export function writeRewardScale<Batch extends Tree>(
  output: string,
  method: Method<Batch>,
  pad: number,
  { note }: Observer,
): void {
  const heldOut = method.heldOut(pad);
  const scale = rewardScale(createMeter(method)(heldOut.length > 0 ? heldOut : method.batches(0, pad)));
  writeFileSync(join(output, "reward.json"), `${JSON.stringify(scale)}\n`, { flush: true });
  note(
    `scores of ${scale.answers} answers have mean ${scale.mean.toPrecision(3)} and deviation ${scale.deviation.toPrecision(3)}; kept in reward.json`,
  );
}
