// Linear layers packed by GPTQModel (https://github.com/ModelCloud/GPTQModel), in a Python environment of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { gptqmodelPython } from "../../common/env";
import { pythonWith } from "../../common/python-environment";
import type { Packed } from "../../spec/packed";
import { trlVersions } from "../../spec/trl/script";
import { writeCompanions, writeModel } from "../adapters/merge";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { madeFor } from "../models/position-limit";
import { reason } from "../trl/reason";
import { blocksOf } from "./rows";

const version = "7.7.0";
/** PyTorch and Transformers as TRL has them. */
const packages = [`gptqmodel==${version}`, `torch==${trlVersions.torch}`, `transformers==${trlVersions.transformers}`];

export type How = Pick<Packed, "by" | "bits" | "group">;

/** As pack.py reads it. */
interface Job extends How {
  /** A folder in Hugging Face layout. */
  model: string;
  out: string;
  /** Ids of each row, or block of rows. */
  rows: number[][];
}

/** Of what Python says last, where it fails. */
const lastLines = 200;

/**
 * Packs a model into `out`, a folder that is yet to be made, with the files that stood beside the weights. Until that is through the work lies beside
 * it, where there has to be room anyway. Throws what GPTQModel said last where it fails.
 */
export async function packInto(
  out: string,
  files: LoadedFiles,
  how: How,
  rows: number[][],
  says: (line: string) => void,
): Promise<void> {
  const python =
    gptqmodelPython() ?? (await pythonWith("gptqmodel", packages, (text) => says(`${text} (6 GB in all)`)));
  mkdirSync(dirname(out), { recursive: true });
  await inScratch(join(dirname(out), ".packing-"), async (scratch, stop) => {
    const calibration = how.by === "awq" ? blocksOf(rows, madeFor(files)) : rows;
    const job: Job = { ...how, model: join(scratch, "model"), out: join(scratch, "packed"), rows: calibration };
    writeModel(job.model, files, "float32");
    const file = join(scratch, "job.json");
    writeFileSync(file, JSON.stringify(job));
    says("GPTQModel loads the model");
    await run([python, join(import.meta.dirname, "pack.py"), file], scratch, stop, says);
    replaceCompanions(job.out, files);
    renameSync(job.out, out);
  });
}

const signals = ["SIGINT", "SIGTERM"] as const;

/** A folder that is there for the work alone. Who asks for the work to be stopped aborts `stop`, and the folder goes too. */
async function inScratch(prefix: string, work: (scratch: string, stop: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const name of signals) process.on(name, abort); // a terminal sends Ctrl-C to us and to who started us, who passes it on
  const scratch = mkdtempSync(prefix);
  try {
    await work(scratch, stop.signal);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    for (const name of signals) process.off(name, abort);
  }
}

async function run(words: string[], scratch: string, stop: AbortSignal, says: (line: string) => void): Promise<void> {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...words], {
    cwd: scratch, // where it leaves a folder of logs
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HF_HUB_OFFLINE: "1", TMPDIR: scratch }, // it moves layers that it is through with to the disk
  });
  const said: string[] = [];
  let told = "";
  const hear = (line: string) => {
    said.push(line);
    if (said.length > lastLines) said.shift();
    const [, block, last] = /Quantizing layer (\d+) of (\d+)/.exec(line) ?? [];
    const next = block === undefined ? told : `${block} of ${Number(last) + 1} blocks packed`;
    if (next !== told) says(next);
    told = next;
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", hear);
  stop.addEventListener("abort", () => child.kill("SIGKILL"));
  const [status, killedBy] = (await once(child, "close")) as [number | null, string | null]; // it writes no more
  if (stop.aborted) throw new Error("stopped before GPTQModel was through; nothing is left of it");
  if (status !== 0)
    throw new Error(`GPTQModel ended with ${killedBy ?? `status ${status}`}: ${reason(said) || "it said nothing"}`);
}

const written = /\.safetensors(\.index\.json)?$|^(quantize_)?config\.json$/;

/** Tokenizer, template, licence and how answers end are the model's own, not as Transformers would write them. */
function replaceCompanions(folder: string, files: LoadedFiles): void {
  for (const name of readdirSync(folder)) if (!written.test(name)) rmSync(join(folder, name), { recursive: true });
  const { "config.json": _, ...others } = files.companions();
  writeCompanions(folder, others);
}

const papers = {
  gptq: "GPTQ (Frantar et al. 2023, arXiv 2210.17323)",
  awq: "AWQ (Lin et al. 2024, arXiv 2306.00978)",
};

/** For its model card. */
export const wordsOf = ({ by, bits, group }: How, rows: number): string =>
  `its linear layers in ${bits} bits\nby ${papers[by]} with GPTQModel ${version}, a scale for each ${group} inputs, calibrated on ${rows} rows of text.`;
