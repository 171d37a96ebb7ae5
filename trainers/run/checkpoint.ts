// How a checkpoint comes to be: written into a scratch folder, synced, listed with hashes in manifest.json, renamed. A folder
// without the right manifest is never loaded, so a kill at any moment leaves the previous checkpoint standing.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { z } from "zod";
import { fileHash } from "../../common/file-hash";
import { whenThereIsRoom } from "../../common/full-disk";
import { syncPath } from "../../common/whole-file";
import type { HeldBase } from "../../spec/fields/model";
import { writeBaseQuantisation } from "../adapters/base-quantisation";
import { layoutOf, writeAdapter } from "../adapters/files";
import { writeCompanions } from "../adapters/merge";
import type { Adapter } from "../engine/adapter";
import type { Variables } from "../engine/gradients";
import { tf } from "../engine/tensorflow";
import {
  type HostTensor,
  type HostWords,
  openSafetensors,
  openWords,
  readSafetensors,
  streamSafetensors,
  streamWords,
  writeSafetensors,
} from "../models/formats/safetensors";
import { processFile } from "../models/score-head";
import type { InputHashes } from "./inputs";
import type { Optimizer } from "./optimizer";

export interface Trained {
  /** Null when every weight is trained. */
  adapter: Adapter | null;
  variables: Variables;
  optimizer: Optimizer;
  base: string;
  /** In what form the base is held under an adapter. */
  held: HeldBase;
  inputs: InputHashes;
  /** What stands beside the weights where every weight is trained, so that each checkpoint is a model: a function, as it is read each time. */
  companions: (() => Record<string, string>) | null;
  /** PPO's, kept in `value/`: an adapter, or every weight. */
  critic?: { adapter: Adapter | null; variables: Variables };
  /** A reference that follows the policy, kept in `reference/`. */
  reference?: { adapter: Adapter | null; variables: Variables };
  /** Of a process reward model: what ends a step. Stands beside its weights wherever they are written, since they are read by it. */
  stepSeparator?: string;
  /** State that steps change besides the variables. */
  controller?: Record<string, number>;
  progress: Progress;
}

/** How much a run has trained on since it began, over all attempts. */
export interface Progress {
  samples: number;
  tokens: number;
  /** Seconds in steps. */
  elapsed: number;
  /** Where spikes are left out: gradient norms of the last updates, and since the last one the spikes in a row and the checkpoints gone back to. */
  spikes: { norms: number[]; inARow: number; wentBack: number };
}
export const noProgress = (): Progress => ({ samples: 0, tokens: 0, elapsed: 0, spikes: noSpikes() });
export const noSpikes = () => ({ norms: [], inARow: 0, wentBack: 0 });

const manifest = z.strictObject({
  step: z.int().min(0),
  skipped: z.int().min(0).default(0),
  progress: z
    .strictObject({
      ...{ samples: z.number(), tokens: z.number(), elapsed: z.number() },
      spikes: z.strictObject({ norms: z.array(z.number()), inARow: z.int(), wentBack: z.int() }).default(noSpikes),
    })
    .prefault(noProgress),
  /** What the run read up to here; older checkpoints do not say. */
  inputs: z.record(z.string(), z.string()).optional(),
  files: z.record(z.string(), z.string()),
});
const best = z.strictObject({ step: z.int(), heldOutLoss: z.number() });
const controllerState = z.record(z.string(), z.number());
const [valueFolder, referenceFolder, controllerFile] = ["value", "reference", "controller.json"];
/** What the optimiser keeps as float32, and what it keeps in 8 bits. */
const [slotFile, wordFile] = ["optimizer.safetensors", "optimizer-8bit.safetensors"];
const modelFile = "model.safetensors";

const scratchOf = (folder: string) => join(dirname(folder), `tmp-${basename(folder)}`);

/** Deletes what an attempt that was killed while it saved has left half written. */
export function clearScratch(output: string): void {
  const folder = join(output, "checkpoints");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("tmp-")) : [];
  for (const scratch of [scratchOf(join(output, "best")), ...names.map((name) => join(folder, name))])
    rmSync(scratch, { recursive: true, force: true });
}

/** Publishes `folder` (…/step-000120-a1), once the disk has room for it, and returns the hash of its manifest. */
export function saveCheckpoint(folder: string, step: number, trained: Trained): string {
  const scratch = scratchOf(folder);
  const hash = whenThereIsRoom(() => {
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    return writeFiles(scratch, step, trained);
  });
  rmSync(folder, { recursive: true, force: true });
  renameSync(scratch, folder);
  syncPath(dirname(folder));
  return hash;
}

/** Weights, optimizer and what else a resumed run needs, and last the manifest, whose hash it returns. */
function writeFiles(scratch: string, step: number, trained: Trained): string {
  const { optimizer, inputs, critic, reference, controller, progress } = trained;
  writePolicy(scratch, trained);
  if (critic) writeBeside(join(scratch, valueFolder), critic, trained.base);
  if (reference) writeBeside(join(scratch, referenceFolder), reference, trained.base);
  if (controller) writeFileSync(join(scratch, controllerFile), JSON.stringify(controller), { flush: true });
  writeSlots(scratch, optimizer.slots);
  const files = Object.fromEntries(filesBelow(scratch).map((name) => [name, fileHash(join(scratch, name))]));
  const text = JSON.stringify({ step, skipped: optimizer.skipped, progress, inputs, files }, null, 2);
  writeFileSync(join(scratch, "manifest.json"), text, { flush: true });
  syncPath(scratch);
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Keeps the step with the lowest held-out loss in `output`/best, beside the newest ones; the function tells whether a step is the best so
 * far. A resumed run goes on comparing with what lies there.
 */
export function bestKeeper(output: string, trained: Trained): (step: number, loss: number) => boolean {
  const [folder, record] = [join(output, "best"), join(output, "best.json")];
  const kept =
    trained.optimizer.step > 0 && existsSync(record) ? best.parse(JSON.parse(readFileSync(record, "utf8"))) : null;
  let lowest = kept?.heldOutLoss ?? Number.POSITIVE_INFINITY;
  return (step, heldOutLoss) => {
    if (heldOutLoss >= lowest) return false;
    lowest = heldOutLoss;
    saveCheckpoint(folder, step, trained);
    const text = `${JSON.stringify({ step, heldOutLoss })}\n`;
    whenThereIsRoom(() => writeFileSync(record, text, { flush: true }));
    return true;
  };
}

/**
 * Restores variables and optimiser. Throws, naming the file, unless the manifest has hash `expected` and every file its own. Returns the
 * hashes of what the run had read, where the checkpoint has them.
 */
export function loadCheckpoint(folder: string, expected: string, trained: Trained): InputHashes | undefined {
  const { adapter, optimizer, critic, reference, controller } = trained;
  if (!existsSync(join(folder, "manifest.json")))
    throw new Error(`${folder} has no manifest.json: it was never finished`);
  if (fileHash(join(folder, "manifest.json")) !== expected)
    throw new Error(`${folder}/manifest.json is not the one that was saved`);
  const { step, skipped, progress, inputs, files } = manifest.parse(
    JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")),
  );
  for (const [name, hash] of Object.entries(files))
    if (fileHash(join(folder, name)) !== hash)
      throw new Error(`${folder}/${name} is damaged: its hash is not the manifest's`);
  if (adapter) restoreAdapter(adapter, folder);
  else assign(modelOf(trained), readSafetensors(join(folder, modelFile)));
  if (critic) restoreBeside(critic, join(folder, valueFolder));
  if (reference) restoreBeside(reference, join(folder, referenceFolder));
  if (controller)
    Object.assign(controller, controllerState.parse(JSON.parse(readFileSync(join(folder, controllerFile), "utf8"))));
  restoreSlots(optimizer.slots, folder);
  optimizer.resume({ step, skipped });
  Object.assign(trained.progress, progress);
  return inputs;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/** Every weight of the policy, a reward model's with its head, without what is trained alongside it. */
const modelOf = ({ variables, critic }: Trained): Variables =>
  new Map([...variables].filter(([name]) => !critic?.variables.has(name)));

/** What a run trains: an adapter with what it stands on, or a folder that is read as any other model. */
export function writePolicy(folder: string, trained: Trained): void {
  const { adapter, base, held, stepSeparator } = trained;
  if (stepSeparator !== undefined)
    writeFileSync(join(folder, processFile), `${JSON.stringify({ stepSeparator })}\n`, { flush: true });
  if (adapter) {
    writeAdapter(folder, adapter, base);
    writeBaseQuantisation(folder, held);
  } else writeModel(folder, trained);
}

function writeModel(folder: string, trained: Trained): void {
  const weights = modelOf(trained);
  const shapes = Object.fromEntries([...weights].map(([name, { shape }]) => [name, shape]));
  streamSafetensors(join(folder, modelFile), shapes, (name) => weights.get(name)!.dataSync<"float32">());
  writeCompanions(folder, trained.companions!());
}

/** What stands beside the policy: a critic, or a reference that moves. */
type Beside = { adapter: Adapter | null; variables: Variables };

export function writeBeside(folder: string, { adapter, variables }: Beside, base: string): void {
  if (adapter) writeAdapter(folder, adapter, base);
  else {
    mkdirSync(folder, { recursive: true });
    writeSafetensors(join(folder, modelFile), toHost(variables));
  }
}

function restoreBeside({ adapter, variables }: Beside, folder: string): void {
  if (adapter) restoreAdapter(adapter, folder);
  else assign(variables, readSafetensors(join(folder, modelFile)));
}

type Slots = Optimizer["slots"];
const slotsOfType = (slots: Slots, dtype: tf.DataType): Slots =>
  new Map([...slots].filter(([, slot]) => slot.dtype === dtype));
const shapesOf = (slots: Slots) => Object.fromEntries([...slots].map(([name, { shape }]) => [name, shape]));

/** A slot at a time: those of a paged optimiser may be more than memory holds. */
function writeSlots(folder: string, slots: Slots): void {
  const [floats, words] = [slotsOfType(slots, "float32"), slotsOfType(slots, "int32")];
  streamSafetensors(join(folder, slotFile), shapesOf(floats), (name) => floats.get(name)!.dataSync<"float32">());
  if (words.size === 0) return;
  streamWords(join(folder, wordFile), shapesOf(words), (name) => words.get(name)!.dataSync<"int32">());
}

function restoreSlots(slots: Slots, folder: string): void {
  assign(slotsOfType(slots, "float32"), openSafetensors(join(folder, slotFile)));
  const words = slotsOfType(slots, "int32");
  if (words.size > 0) assign(words, openWords(join(folder, wordFile)));
}

/** The weights of an adapter are variables while it is trained. */
const restoreAdapter = ({ tuner, weights }: Adapter, folder: string) => {
  const { weightsFile, nameInFile } = layoutOf(tuner);
  const saved = readSafetensors(join(folder, weightsFile));
  if (!tuner.restored) return assign(weights as Variables, saved, nameInFile);
  tf.tidy(() => {
    const tensors = [...weights.keys()].map((name) => {
      const { data, shape } = saved.get(nameInFile(name))!;
      return [name, tf.tensor(data, shape)] as const;
    });
    for (const [name, tensor] of tuner.restored!(new Map(tensors))) (weights.get(name) as tf.Variable).assign(tensor);
  });
};

function assign(
  variables: Slots,
  host: { get(name: string): HostTensor | HostWords | undefined },
  nameOf = (name: string) => name,
): void {
  for (const [name, variable] of variables) {
    const saved = host.get(nameOf(name));
    if (!saved) throw new Error(`the checkpoint lacks ${name}`);
    tf.tidy(() => variable.assign(tf.tensor(saved.data, saved.shape, variable.dtype)));
  }
}

function toHost(variables: Variables): Map<string, HostTensor> {
  return new Map(
    [...variables].map(([name, variable]) => [name, { shape: variable.shape, data: variable.dataSync<"float32">() }]),
  );
}
