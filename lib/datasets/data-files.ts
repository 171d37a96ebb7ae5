// Training sets that a run file names by their number or their name, as the files that trainers read.
import { and, eq, isNull } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { sourcesOf, type TrainData, trainDataOf } from "../../spec/fields/data-sources";
import { appDb } from "../db/client";
import { queues } from "../db/tables/queues";
import { labelledSets, snapshots } from "../db/tables/training-sets";
import { labelledPath } from "./labelled/labelled-sets";
import { createFreezer, snapshotPath } from "./snapshots/snapshot";

interface WithData {
  data: { train: TrainData | null; eval: string | null };
}

/** The same config with all that names a dataset replaced by paths. Throws where such a file is gone or was changed. */
export function withDataFiles<Config extends WithData>(config: Config): Config {
  const { train, eval: heldOut } = config.data;
  const files = sourcesOf(train).map(({ source, weight }) => ({ source: dataFile(source), weight }));
  const data = { train: train && trainDataOf(files), eval: heldOut && dataFile(heldOut) };
  return { ...config, data: { ...config.data, ...data } };
}

/** Where the rows lie that a file names. */
export function dataFile(source: string): string {
  const [, kind, id] = /^(snapshot|labelled):(\d+)$/.exec(source) ?? [];
  if (kind !== undefined) return kind === "snapshot" ? snapshotPath(Number(id)) : labelledPath(Number(id));
  return source.startsWith("dataset:") ? fileOfName(source.slice("dataset:".length)) : source;
}

/** A dataset's rows as they stand now; with `@ID` as its snapshot of this number holds them. */
function fileOfName(text: string): string {
  const at = text.lastIndexOf("@");
  const found = [...namedFiles(text, null), ...(at > 0 ? namedFiles(text.slice(0, at), text.slice(at + 1)) : [])];
  if (found.length === 1) return found[0]!();
  if (found.length > 1)
    throw new AppError(
      400,
      `Several datasets are called ${text}; name the one that is meant as labelled:ID or snapshot:ID.`,
    );
  throw new AppError(400, `There is no dataset ${text}.`);
}

function namedFiles(name: string, version: string | null): (() => string)[] {
  const sets = labelledSets;
  const labelled = appDb()
    .select()
    .from(sets)
    .where(and(eq(sets.name, name), isNull(sets.deletedAt)))
    .all();
  const annotated = appDb()
    .select()
    .from(queues)
    .where(and(eq(queues.name, name), isNull(queues.deletedAt)))
    .all();
  return [
    ...labelled.map(({ id }) => () => {
      if (version !== null)
        throw new AppError(400, `${name} came with its labels and never changes; name it without @${version}.`);
      return labelledPath(id);
    }),
    ...annotated.map(
      ({ id }) =>
        () =>
          version === null ? frozenNow(id, name) : snapshotOf(id, name, version),
    ),
  ];
}

function frozenNow(queueId: number, name: string): string {
  const frozen = createFreezer(Date.now())(queueId, "pairs");
  if (!frozen) throw new AppError(400, `${name} has no annotated pairs yet; annotate some records first.`);
  return snapshotPath(frozen.id);
}

function snapshotOf(queueId: number, name: string, version: string): string {
  const all = appDb().select({ id: snapshots.id }).from(snapshots).where(eq(snapshots.queueId, queueId)).all();
  const known = all.find(({ id }) => String(id) === version);
  if (known) return snapshotPath(known.id);
  const there = all.map(({ id }) => `@${id}`).join(", ") || "none";
  throw new AppError(400, `${name} has no snapshot ${version}; those that runs have taken: ${there}.`);
}
