// `npm run study -- packing`: what is left of a model in 8 and 4 bits, packed by GPTQ and AWQ by the real GPTQModel, beside types of GGUF and rounding
// each weight to the nearest. `tiny` after DPO, three seeds, and SmolLM2-135M. Writes results/packing.json; `npm run figures` makes the table of
// docs/compression.md from it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { say } from "../../common/command-line";
import type { GgufType } from "../../spec/export-types";
import type { Packed, Packer } from "../../spec/packed";
import { tf } from "../../trainers/engine/tensorflow";
import { modelOf } from "../../trainers/evaluation/distance";
import { compared, measured } from "../../trainers/gptqmodel/compare";
import { groupFor } from "../../trainers/gptqmodel/group";
import { packInto } from "../../trainers/gptqmodel/pack";
import { type PackingRows, packingRows } from "../../trainers/gptqmodel/rows";
import { familyOf, floatBytes } from "../../trainers/models/families";
import { roundedFiles } from "../../trainers/models/formats/gguf-rounded";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import { readModel } from "../../trainers/models/load";
import { sideBySide } from "./trace";
import { steps, tunedTiny } from "./tuned-tiny";
import { writtenRows } from "./written-rows";

/** A model in few bits, on rows that it was not calibrated on. */
export interface Form extends Pick<Packed, "kl" | "sameTop"> {
  name: string;
  bytes: number;
  perplexity: number;
}
/** results/packing.json */
export interface PackingResult {
  models: { name: string; rows: Packed["rows"]; seeds: Form[][] }[];
}

const seeds = [0, 1, 2];
const types: GgufType[] = ["Q8_0", "Q4_K_M"];
const byGptqmodel: [Packer, number][] = [
  ["gptq", 8],
  ["gptq", 4],
  ["awq", 4],
];

/** Each weight as the nearest of GPTQ's levels: 2^bits of them, evenly from −max to max of its group. */
function nearest(files: LoadedFiles, bits: number): LoadedFiles {
  const group = groupFor(files.config, "gptq", bits);
  const layers = Object.keys(familyOf(files.config).linearShapes(files.config)).map((name) => `.${name}.weight`);
  const get: LoadedFiles["host"]["get"] = (name) => {
    const found = files.host.get(name);
    if (!found || !layers.some((layer) => name.endsWith(layer))) return found;
    const data = found.data.slice();
    for (let start = 0; start < data.length; start += group) roundAll(data.subarray(start, start + group), bits);
    return { shape: found.shape, data };
  };
  return { ...files, host: { get } };
}

function roundAll(weights: Float32Array, bits: number): void {
  const most = weights.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  const step = (2 * most) / (2 ** bits - 1) || 1;
  const [lowest, highest] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  for (const [i, x] of weights.entries()) weights[i] = step * Math.min(highest, Math.max(lowest, Math.round(x / step)));
}

async function packedForms(files: LoadedFiles, rows: PackingRows): Promise<Form[]> {
  const forms: Form[] = [];
  for (const [by, bits] of byGptqmodel) {
    const group = groupOrNone(files, by, bits);
    if (group === null) continue;
    const scratch = mkdtempSync(join(tmpdir(), "workbench-packing-"));
    const [how, folder, name] = [{ by, bits, group }, join(scratch, "packed"), `${by.toUpperCase()} ${bits}`];
    await packInto(folder, files, how, rows.calibrated, (line) => say(`${name}: ${line}`));
    const { perplexity, bytes, kl, sameTop } = await measured(files, folder, how, rows);
    forms.push({ name, bytes: bytes.after, perplexity: perplexity.after, kl, sameTop });
    rmSync(scratch, { recursive: true });
  }
  return forms;
}

/** Null where the model's layers cannot be packed so: `tiny` by AWQ. */
function groupOrNone({ config }: LoadedFiles, by: Packer, bits: number): number | null {
  try {
    return groupFor(config, by, bits);
  } catch (error) {
    say((error as Error).message);
    return null;
  }
}

async function formsOf(files: LoadedFiles, rows: PackingRows): Promise<Form[]> {
  const packed = await packedForms(files, rows);
  const before = modelOf(files);
  const form = (name: string, bytes: number, of: LoadedFiles): Form =>
    tf.tidy(() => {
      const { perplexity, kl, sameTop } = compared(before, modelOf(of), rows.measured, files.tokenizer.pad);
      return { name, bytes, perplexity: perplexity.after, kl, sameTop };
    });
  const sizeOf = (name: string) => packed.find((one) => one.name === name)!.bytes; // nearest lies in a file as GPTQ does
  return [
    form("float32", floatBytes(files.config), files),
    ...packed,
    form("nearest 8", sizeOf("GPTQ 8"), nearest(files, 8)),
    form("nearest 4", sizeOf("GPTQ 4"), nearest(files, 4)),
    ...types.map((type) => {
      const rounded = roundedFiles(files, type);
      return form(type, rounded.bytes, rounded.files);
    }),
  ];
}

async function smollm2(): Promise<{ files: LoadedFiles; rows: PackingRows }> {
  const files = await readModel("smollm2-135m-instruct");
  return { files, rows: await packingRows(writtenRows("smollm2-135m-instruct"), files, say) };
}

const countsOf = ({ calibrated, measured }: PackingRows): Packed["rows"] => ({
  ...{ calibrated: calibrated.length, measured: measured.length },
});

export async function packing(): Promise<void> {
  const models: PackingResult["models"] = [];
  const write = () =>
    writeFileSync(
      "tools/studies/results/packing.json",
      `${JSON.stringify({ models } satisfies PackingResult, null, 1)}\n`,
    );
  const tuned = await sideBySide(seeds, async (seed) => {
    const { files, pairs } = await tunedTiny(seed);
    return { files, rows: await packingRows(pairs, files, say) };
  });
  const tiny: Form[][] = [];
  for (const { files, rows } of tuned) tiny.push(await formsOf(files, rows)); // one after the other: GPTQModel takes all cores
  models.push({ name: `\`tiny\` after ${steps} steps of DPO`, rows: countsOf(tuned[0]!.rows), seeds: tiny });
  write();
  const { files, rows } = await smollm2();
  models.push({ name: "SmolLM2-135M-Instruct", rows: countsOf(rows), seeds: [await formsOf(files, rows)] });
  write();
}
