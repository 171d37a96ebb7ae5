// Files of rows, in folders, uploaded or on the Hub, become a dataset that remembers where it came from: the command line and the page
// make the same of the same files.
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { dataFolder, hubEndpoint } from "../../../common/env";
import { dataFiles } from "../../../common/records/files";
import { describedSets, isDescription } from "../../../common/rows/dataset-info";
import { recognise } from "../../../common/rows/recognise";
import { FieldError } from "../../../spec/field-error";
import type { Question } from "../../../spec/queue-options";
import type { RowMapping } from "../../../spec/row-mapping";
import type { Columns } from "../../annotation/queues/import-columns";
import { loadPairs } from "../../annotation/queues/load-pairs";
import type { ImportReport } from "../../annotation/queues/queue-schema";
import type { Watch } from "../../watch";
import type { LabelledReport } from "../labelled/labelled-schema";
import { labelledSet, loadLabelled } from "../labelled/labelled-sets";
import { filesOfCards, type Split } from "./card-files";
import { fetchFromHub, type HubSource } from "./hub-files";
import { hashed, keepProvenance, keepQueueProvenance, type Provenance } from "./provenance";
import { mappingFor, rememberMapping } from "./remembered-mappings";

/** Files that are to become one dataset. */
export interface Source {
  files: string[];
  /** What provenance calls a file. */
  nameOf: (file: string) => string;
  hub: Provenance["hub"];
}

export interface Added {
  name: string;
  /** Null: what the files describe themselves, or what was said of the same columns before. */
  mapping: RowMapping | null;
  /** Three columns that hold a pair; with them nothing else is asked. */
  columns?: Columns | null;
  by: Provenance["by"];
}

/** Files and folders, or a dataset of the Hub. */
export type From = { paths: string[]; split?: Split } | { hub: HubSource };

/** Files as they lie on this machine, or on the Hub, from where they are fetched for as long as they are used. */
export async function withSource<T>(from: From, use: (source: Source) => Promise<T>): Promise<T> {
  if ("paths" in from) return use(pathFiles(from.paths, from.split));
  const folder = join(dataFolder(), "uploads", `hub-${crypto.randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    return await use(await hubFiles(from.hub, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One file under the name that people know it by. */
export const oneFile = (file: string, name = file): Source => ({ files: [file], nameOf: () => name, hub: null });

export function pathFiles(paths: string[], split: Split = { config: null, split: null }): Source {
  const files = dataFiles(paths); // says which of them is not there
  const folders = paths.filter((path) => statSync(path).isDirectory());
  return { files: filesOfCards(files, folders, split), nameOf: (file) => file, hub: null };
}

async function hubFiles(hub: HubSource, folder: string): Promise<Source> {
  const files = await fetchFromHub(hub, folder);
  return { files, nameOf: (file) => relative(folder, file), hub: { endpoint: hubEndpoint(), ...hub } };
}

/** Rows that keep their labels and train at once. */
export async function addLabelled(
  source: Source,
  added: Added,
  now: number,
  watch: Watch = {},
): Promise<LabelledReport> {
  const reading = await readingOf(source, added);
  const report = await loadLabelled(added.name, source.files, now, { ...reading, watch });
  keepProvenance(labelledSet(report.id).sha256, await provenanceIn(source, added, reading.mapping, now));
  return report;
}

async function readingOf({ files }: Source, { mapping, columns = null }: Added) {
  return { columns, mapping: columns ? null : (mapping ?? (await knownMapping(files))) };
}

/** Rows that people are to annotate; labels that they have are kept beside, or told to nobody. */
export async function addPairs(
  source: Source,
  { keepsLabels, question = null, ...added }: Added & { keepsLabels: boolean; question?: Question | null | undefined },
  now: number,
  watch: Watch = {},
): Promise<ImportReport> {
  const reading = await readingOf(source, added);
  const report = await loadPairs(added.name, source.files, now, { ...reading, watch, keepsLabels, question });
  keepQueueProvenance(report.queueId, await provenanceIn(source, added, reading.mapping, now));
  return report;
}

/** Of a dataset that has come in; what somebody said of its columns is remembered. */
async function provenanceIn(
  { files, nameOf, hub }: Source,
  { mapping: said, by }: Added,
  mapping: RowMapping | null,
  at: number,
): Promise<Provenance> {
  if (said) rememberMapping(await signatureOfFiles(files), isEmpty(said) ? null : said);
  const read = await Promise.all(files.map((file) => hashed(file, nameOf(file))));
  return { files: read, hub, mapping: mapping && isEmpty(mapping) ? null : mapping, by, at };
}

const isEmpty = ({ columns, turn, speakers }: RowMapping) => Object.keys(columns).length === 0 && !turn && !speakers;

/** What the files describe themselves, or what was said of the same columns before. */
export const knownMapping = async (files: string[]): Promise<RowMapping | null> =>
  describedMapping(files) ?? mappingFor(await signatureOfFiles(files));

/** What the first rows of the first file have for columns. */
const signatureOfFiles = async ([first]: string[]) => (await recognise(first!, { rows: 20 })).signature;

/** From a dataset_info.json beside the files, where all of them are of one of its sets. */
function describedMapping(files: string[]): RowMapping | null {
  const description = join(dirname(files[0]!), "dataset_info.json");
  if (!existsSync(description)) return null;
  const json = descriptionIn(description);
  if (!isDescription(json)) return null;
  const sets = describedSets(json);
  const found = files.map((file) => sets.find((set) => set.file === basename(file))?.mapping ?? null);
  return found.every((mapping) => JSON.stringify(mapping) === JSON.stringify(found[0])) ? found[0]! : null;
}

function descriptionIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new FieldError("dataset_info", `${file} is not JSON (${(cause as Error).message}); mend or remove it`, {
      cause,
    });
  }
}
