// Training sets that a run file names by their number or their name, as the files that trainers read.
import { eq } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { FieldError } from "../../spec/field-error";
import { type DataSource, sourcesOf, type TrainData, trainDataOf } from "../../spec/fields/data-sources";
import { namedTexts } from "../../spec/methods/sampling-of";
import { type Nested, withValue } from "../../spec/paths";
import { isBusy } from "../db/busy";
import { appDb } from "../db/client";
import { snapshots } from "../db/tables/training-sets";
import { labelledName, labelledNamed } from "./labelled/labelled-name";
import { knownLabelled, labelledNow, labelledPath } from "./labelled/labelled-sets";
import { versionFile } from "./labelled/versions/version-file";
import { newestVersion, requireVersion } from "./labelled/versions/versions";
import { annotatedCalled, labelledCalled } from "./named";
import {
  createFreezer,
  type Freezer,
  type FrozenRows,
  nothingFrozen,
  type ReadsRows,
  rowsFor,
  snapshotPath,
} from "./snapshots/freezer";

interface WithData extends ReadsRows {
  data: { train: TrainData | null; eval: string | null };
}

/** The same config with all that names a dataset replaced by paths. Throws a FieldError where such a file is gone or was changed. */
export function withDataFiles<Config extends WithData>(config: Config): Config {
  const { train, eval: heldOut } = config.data;
  const files = sourcesOf(train).map(({ source, weight }) => ({ source: at("data.train", source, config), weight }));
  const data = { train: train && trainDataOf(files), eval: heldOut && at("data.eval", heldOut, config) };
  const texts = namedTexts(config);
  const whole = { ...config, data: { ...config.data, ...data } };
  return texts ? withTexts(whole, texts.field, at(texts.field, texts.source, config)) : whole;
}

const withTexts = <Config extends object>(config: Config, field: string, source: string): Config =>
  withValue(config as Nested, field, source) as Config;

function at(field: string, source: string, config: ReadsRows): string {
  try {
    return dataFile(source, config);
  } catch (cause) {
    if (isBusy(cause)) throw cause;
    throw new FieldError(field, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Where the rows lie that a file names. */
export function dataFile(source: string, config: ReadsRows = {}): string {
  const numbered = withNumber(source, config, createFreezer(Date.now()));
  const labelled = labelledNamed(numbered);
  if (labelled) return labelledPath(labelled.id, labelled.version ?? 1);
  const [, snapshot] = /^snapshot:(\d+)$/.exec(numbered) ?? [];
  return snapshot === undefined ? numbered : snapshotPath(Number(snapshot));
}

/**
 * Writes the newest versions of labelled datasets that somebody names without a version, and those that are named with one. Returns the name
 * with it, by which `dataFile` finds the file.
 */
export async function withVersion(source: string): Promise<string> {
  const named = labelledNamed(labelledAs(source) ?? source);
  const set = named && knownLabelled(named.id);
  if (!set) return source; // where it is none, whoever reads it says so
  const version = named.version ?? newestVersion(set).number;
  if (version > 1) await versionFile(set, version);
  return labelledName(set.id, version);
}

/** What `dataset:NAME` names where that is a labelled dataset alone; else null. */
export function labelledAs(source: string): string | null {
  if (!source.startsWith("dataset:")) return null;
  const text = source.slice("dataset:".length);
  if (annotatedCalled(text).length > 0) return null;
  const [whole] = labelledCalled(text);
  if (whole) return labelledName(whole.id, 1);
  const at = text.lastIndexOf("@");
  const [set] = at > 0 && /^\d+$/.test(text.slice(at + 1)) ? labelledCalled(text.slice(0, at)) : [];
  return set ? `labelled:${set.id}@${text.slice(at + 1)}` : null;
}

/** The same of all that a config trains and evaluates on, and of texts beside it. */
export async function withVersions<Config extends WithData>(config: Config): Promise<Config> {
  const { train, eval: heldOut } = config.data;
  const named: DataSource[] = [];
  for (const { source, weight } of sourcesOf(train)) named.push({ source: await withVersion(source), weight });
  const data = { train: train && trainDataOf(named), eval: heldOut && (await withVersion(heldOut)) };
  const texts = namedTexts(config);
  const whole = { ...config, data: { ...config.data, ...data } };
  return texts ? withTexts(whole, texts.field, await withVersion(texts.source)) : whole;
}

/** `dataset:NAME` as `labelled:ID` or `snapshot:ID`, which is what is annotated by now; with `@ID` as its snapshot of this number. All else as it is. */
export function withNumber(source: string, config: ReadsRows, freeze: Freezer): string {
  if (!source.startsWith("dataset:")) return source;
  const text = source.slice("dataset:".length);
  const at = text.lastIndexOf("@");
  const now = (id: number, name: string) => frozenNow(id, name, rowsFor("queue", config), freeze);
  const found = [...named(text, null, now), ...(at > 0 ? named(text.slice(0, at), text.slice(at + 1), now) : [])];
  if (found.length === 1) return found[0]!();
  if (found.length > 1)
    throw new AppError(
      400,
      `Several datasets are called ${text}; name the one that is meant as labelled:ID or snapshot:ID.`,
    );
  throw new AppError(400, `There is no dataset ${text}.`);
}

/** The datasets to annotate that `dataset:NAME` names as they stand now. */
export const annotatedNow = (source: string): number[] =>
  source.startsWith("dataset:") ? annotatedCalled(source.slice("dataset:".length)).map(({ id }) => id) : [];

function named(name: string, version: string | null, frozen: (id: number, name: string) => number): (() => string)[] {
  return [
    ...labelledCalled(name).map((set) => () => {
      if (version === null) return labelledNow(set.id);
      return labelledName(set.id, requireVersion(set, Number(version)).number);
    }),
    ...annotatedCalled(name).map(
      ({ id }) =>
        () =>
          `snapshot:${version === null ? frozen(id, name) : snapshotOf(id, name, version)}`,
    ),
  ];
}

function frozenNow(queueId: number, name: string, rows: FrozenRows, freeze: Freezer): number {
  const frozen = freeze(queueId, rows);
  if (!frozen) throw new AppError(400, `${name} ${nothingFrozen(rows)}.`);
  return frozen.id;
}

function snapshotOf(queueId: number, name: string, version: string): number {
  const all = appDb()
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(eq(snapshots.queueId, queueId))
    .orderBy(snapshots.id)
    .all();
  const known = all.find(({ id }) => String(id) === version);
  if (known) return known.id;
  const there = all.map(({ id }) => `@${id}`).join(", ") || "none";
  throw new AppError(400, `${name} has no snapshot ${version}; those that runs have taken: ${there}.`);
}
