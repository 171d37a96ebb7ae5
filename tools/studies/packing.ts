// `npm run study -- packing [tiny] [smollm2]`: what is left of a model in 8 and 4 bits, packed by GPTQ and AWQ by the real GPTQModel, beside types of GGUF and rounding
// each weight to the nearest. `tiny` after DPO, three seeds, and SmolLM2-135M. Writes results/packing.json; `npm run figures` makes the table of
// docs/compression.md from it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { say } from "../../common/command-line";
import type { GgufType } from "../../spec/export-types";
import type { Packed, Packer } from "../../spec/packed";
import { tf } from "../../trainers/engine/tensorflow";
import { modelOf } from "../../trainers/evaluation/distance";
import { compared, measured } from "../../trainers/gptqmodel/compare";
import { groupFor } from "../../trainers/gptqmodel/group";
import { type How, packInto } from "../../trainers/gptqmodel/pack";
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

async function packedForm(files: LoadedFiles, rows: PackingRows, name: string, how: How): Promise<Form> {
  const scratch = mkdtempSync(join(tmpdir(), "workbench-packing-"));
  const folder = join(scratch, "packed");
  await packInto(folder, files, how, rows.calibrated, (line) => say(`${name}: ${line}`));
  const { perplexity, bytes, kl, sameTop } = await measured(files, folder, how, rows);
  rmSync(scratch, { recursive: true });
  return { name, bytes: bytes.after, perplexity: perplexity.after, kl, sameTop };
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

/** In the order of the table. Those that `forms` has are not measured again; `keep` is told of each that is. */
async function measureForms(files: LoadedFiles, rows: PackingRows, forms: Form[], keep = () => {}): Promise<Form[]> {
  const before = modelOf(files);
  const add = async (name: string, measure: () => Form | Promise<Form>) => {
    if (forms.some((form) => form.name === name)) return;
    forms.push(await measure());
    keep();
  };
  const compare = (name: string, bytes: number, of: LoadedFiles): Form =>
    tf.tidy(() => {
      const { perplexity, kl, sameTop } = compared(before, modelOf(of), rows.measured, files.tokenizer.pad);
      return { name, bytes, perplexity: perplexity.after, kl, sameTop };
    });
  await add("float32", () => compare("float32", floatBytes(files.config), files));
  for (const [by, bits] of byGptqmodel) {
    const [group, name] = [groupOrNone(files, by, bits), `${by.toUpperCase()} ${bits}`];
    if (group !== null) await add(name, () => packedForm(files, rows, name, { by, bits, group }));
  }
  const sizeOf = (bits: number) => forms.find(({ name }) => name === `GPTQ ${bits}`)!.bytes; // nearest lies in a file as GPTQ does
  for (const bits of [8, 4])
    await add(`nearest ${bits}`, () => compare(`nearest ${bits}`, sizeOf(bits), nearest(files, bits)));
  for (const type of types)
    await add(type, () => {
      const rounded = roundedFiles(files, type);
      return compare(type, rounded.bytes, rounded.files);
    });
  return forms;
}

async function smollm2(): Promise<{ files: LoadedFiles; rows: PackingRows }> {
  const files = await readModel("smollm2-135m-instruct");
  return { files, rows: await packingRows(writtenRows("smollm2-135m-instruct"), files, say) };
}

const countsOf = ({ calibrated, measured }: PackingRows): Packed["rows"] => ({
  ...{ calibrated: calibrated.length, measured: measured.length },
});

const path = "tools/studies/results/packing.json";

/** `parts`: tiny, smollm2, or both. What is known of SmolLM2 by an earlier one is kept: to pack it takes a quarter of an hour each time. */
export async function packing(parts: string[]): Promise<void> {
  const unknown = parts.find((part) => !["tiny", "smollm2"].includes(part));
  if (unknown) throw new Error(`packing has the parts tiny and smollm2, and no ${unknown}`);
  const result = JSON.parse(readFileSync(path, "utf8")) as PackingResult;
  const keep = (name: string, model: Omit<PackingResult["models"][number], "name">) => {
    const at = result.models.findIndex((one) => one.name === name);
    if (at < 0) result.models.push({ name, ...model });
    else result.models[at] = { name, ...model };
    writeFileSync(path, `${JSON.stringify(result, null, 1)}\n`);
  };
  if (parts.length === 0 || parts.includes("tiny")) {
    const tuned = await sideBySide(seeds, async (seed) => {
      const { files, pairs } = await tunedTiny(seed);
      return { files, rows: await packingRows(pairs, files, say) };
    });
    const forms: Form[][] = [];
    for (const { files, rows } of tuned) forms.push(await measureForms(files, rows, [])); // one after the other: GPTQModel takes all cores
    keep(`\`tiny\` after ${steps} steps of DPO`, { rows: countsOf(tuned[0]!.rows), seeds: forms });
  }
  if (parts.length === 0 || parts.includes("smollm2")) {
    const [{ files, rows }, name] = [await smollm2(), "SmolLM2-135M-Instruct"];
    const forms = result.models.find((one) => one.name === name)?.seeds[0] ?? [];
    await measureForms(files, rows, forms, () => keep(name, { rows: countsOf(rows), seeds: [forms] }));
  }
}
