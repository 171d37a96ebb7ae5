// A checkpoint of a real run, damaged in each of its files, and loaded.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkpointsIn } from "../../common/checkpoints";
import { readRunConfig } from "../../common/config-file";
import { modelPath } from "../../common/model-paths";
import { createRandom } from "../../common/random";
import { heldInFull } from "../../spec/fields/model";
import { readAdapter } from "../../trainers/adapters/files";
import { tf } from "../../trainers/engine/tensorflow";
import { readModel } from "../../trainers/models/load";
import { loadCheckpoint, noProgress, type Trained } from "../../trainers/run/checkpoint";
import { createOptimizer } from "../../trainers/run/optimizer";
import { damaged } from "./damage";
import type { Experiment, Outcome, Setting } from "./experiment";
import { train, writeRunFile } from "./train-tiny";

export const damageCheckpoint: Experiment = {
  name: "damage-checkpoint",
  fault: "a file of a checkpoint damaged: a bit flipped, bytes zeroed or overwritten, cut off, deleted",
  demand: "refused by the file's name, with nothing of it loaded",
  size: 1000,
  unit: "files",
  run,
};

const deleted = 0.1;

async function run({ size, seed, folder, signal }: Setting): Promise<Outcome> {
  const { file, output } = writeRunFile(folder);
  const { status, stderr } = await train(file);
  if (status !== 0) throw new Error(`the run fails:\n${stderr}`);
  const { folder: checkpoint, manifestHash } = checkpointsIn(output)[0]!;
  const trained = await fresh(file, checkpoint);
  const before = stateOf(trained);
  const names = readdirSync(checkpoint).sort();
  const random = createRandom(seed, "damage-checkpoint");
  const [seen, failures]: [Record<string, number>, string[]] = [{}, []];
  let ran = 0;
  while (ran < size && !signal.aborted) {
    const name = names[Math.floor(names.length * random())]!;
    const path = join(checkpoint, name);
    const whole = readFileSync(path);
    const { kind, bytes } =
      random() < deleted
        ? { kind: "deleted", bytes: null }
        : damaged(whole, Math.floor(whole.length * random()), random);
    if (bytes?.equals(whole)) continue; // zeros where zeros were
    if (bytes) writeFileSync(path, bytes);
    else rmSync(path);
    failures.push(...refusal(checkpoint, manifestHash, trained, name).map((word) => `${name} ${kind}: ${word}`));
    if (stateOf(trained) !== before) throw new Error(`${name} ${kind}: what was trained has changed`);
    writeFileSync(path, whole);
    seen[kind] = (seen[kind] ?? 0) + 1;
    ran++;
  }
  loadCheckpoint(checkpoint, manifestHash, trained); // undamaged again, it is taken
  if (stateOf(trained) === before) failures.push("the undamaged checkpoint changes nothing");
  return { ran, seen, most: {}, failures };
}

/** What is wrong with how a damaged checkpoint is refused. */
function refusal(checkpoint: string, manifestHash: string, trained: Trained, name: string): string[] {
  try {
    loadCheckpoint(checkpoint, manifestHash, trained);
    return ["it is loaded"];
  } catch (error) {
    const words = String(error);
    return words.includes(name) ? [] : [`it is refused without its name: ${words}`];
  }
}

/** What a resumed run restores into: the checkpoint's adapter with every weight zero, and an optimiser that has done nothing. */
async function fresh(file: string, checkpoint: string): Promise<Trained> {
  const config = readRunConfig(file);
  const { config: model } = await readModel(modelPath("tiny"));
  const adapter = readAdapter(checkpoint, model);
  const variables = new Map([...adapter.weights].map(([name, { shape }]) => [name, tf.variable(tf.zeros(shape))]));
  const optimizer = createOptimizer(config.optimizer, variables);
  return {
    adapter: { ...adapter, weights: variables },
    variables,
    optimizer,
    base: "tiny",
    held: heldInFull,
    inputs: {},
    companions: null,
    progress: noProgress(),
  };
}

function stateOf({ variables, optimizer, progress }: Trained): string {
  const bits = [...variables.values(), ...optimizer.slots.values()].map((variable) =>
    Buffer.from(variable.dataSync<"float32">().buffer).toString("base64"),
  );
  return JSON.stringify([optimizer.step, optimizer.skipped, progress, bits]);
}
