// Files of rows, in folders or on the Hub, become a labelled dataset that remembers where it came from.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { dataFolder, hubEndpoint } from "../../../common/env";
import { dataFiles } from "../../../common/records/files";
import { describedSets } from "../../../common/rows/dataset-info";
import { recognise } from "../../../common/rows/recognise";
import type { RowMapping } from "../../../spec/row-mapping";
import type { LabelledReport } from "../labelled/labelled-schema";
import { labelledSet, loadLabelled } from "../labelled/labelled-sets";
import { fetchFromHub, type HubSource } from "./hub-files";
import { hashed, keepProvenance, type Provenance } from "./provenance";
import { mappingFor, rememberMapping } from "./remembered-mappings";

export interface Added {
  name: string;
  /** Files and folders, or a dataset of the Hub. */
  from: { paths: string[] } | { hub: HubSource };
  /** Null: what the files describe themselves, or what was said of the same columns before. */
  mapping: RowMapping | null;
  by: string;
}

export async function addDataset({ name, from, mapping, by }: Added, now: number): Promise<LabelledReport> {
  const folder = join(dataFolder(), "uploads", `hub-${crypto.randomUUID()}`);
  try {
    if ("hub" in from) await mkdir(folder, { recursive: true });
    const files = "hub" in from ? await fetchFromHub(from.hub, folder) : dataFiles(from.paths);
    const known = mapping ?? describedMapping(files) ?? (await rememberedMapping(files));
    const report = await loadLabelled(name, files, now, null, known);
    const nameOf = (file: string) => ("hub" in from ? relative(folder, file) : file);
    const hub: Provenance["hub"] = "hub" in from ? { endpoint: hubEndpoint(), ...from.hub } : null;
    const read = await Promise.all(files.map((file) => hashed(file, nameOf(file))));
    keepProvenance(labelledSet(report.id).sha256, { files: read, hub, mapping: known, by, at: now });
    if (mapping) rememberMapping(await signatureOfFiles(files), mapping);
    return report;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the first rows of the first file have for columns. */
const signatureOfFiles = async ([first]: string[]) => (await recognise(first!, { rows: 20 })).signature;
const rememberedMapping = async (files: string[]) => mappingFor(await signatureOfFiles(files));

/** From a dataset_info.json beside the files, where all of them are of one of its sets. */
function describedMapping(files: string[]): RowMapping | null {
  const description = join(dirname(files[0]!), "dataset_info.json");
  if (!existsSync(description)) return null;
  const sets = describedSets(JSON.parse(readFileSync(description, "utf8")));
  const found = files.map((file) => sets.find((set) => set.file === basename(file))?.mapping ?? null);
  return found.every((mapping) => JSON.stringify(mapping) === JSON.stringify(found[0])) ? found[0]! : null;
}
