// A copy of a dataset: its records with the labels that came with them, settings and guidelines, with nothing annotated yet.
import { and, asc, between, desc, eq, isNull } from "drizzle-orm";
import { groupBy } from "../../../common/group-by";
import { AppError } from "../../../spec/errors";
import { isAlone } from "../../../spec/queue-options";
import { copyRoles } from "../../access/dataset-roles";
import { keepGuidelines } from "../../annotation/guidelines/versions";
import { asksSingle } from "../../annotation/items/asks-single";
import { copyLabels, keepLabels } from "../../annotation/items/given-labels";
import { addItems, answersAlone, type SampleRow } from "../../annotation/items/items";
import { answersOf, eachOf } from "../../annotation/judging/rankings";
import { isNameTaken } from "../../annotation/queues/queue-names";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import { queues } from "../../db/tables/queues";
import { copyName } from "../copy-name";
import { givenAlone } from "./single-copy";

/** Positions that are copied in one transaction: few enough that nobody else waits for it. */
const atOnce = 500;

/** Returns the copy's id. */
export async function duplicateQueue(id: number, now: number, single = false): Promise<number> {
  const copy = await retryOnBusyAsync(() => emptyCopy(id, now, single));
  const [first, last] = positionsOf(id);
  for (let from = first; from <= last; from += atOnce) {
    const part: [number, number] = [from, from + atOnce - 1];
    const splits = single && !asksSingle(id);
    const rows = splits ? rowsBetween(id, ...part).flatMap(answersAlone) : rowsBetween(id, ...part);
    await retryOnBusyAsync(() => addItems(copy, rows));
    await retryOnBusyAsync(() =>
      splits ? void keepLabels(copy, givenAlone(id, part), now) : copyLabels(id, copy, part, now),
    );
    await new Promise((resolve) => setImmediate(resolve)); // others get their turn
  }
  return copy;
}

/** Gold pairs and scores of pairs say nothing of single answers, nor can these be sampled by them. */
const singleQuestion = {
  ...{ mode: "single", about: "Is this answer good?", strategy: "file" },
  ...{ goldPercent: 0, training: 0 },
} as const;

function emptyCopy(id: number, now: number, single: boolean): number {
  return appDb().transaction((tx) => {
    const queue = tx
      .select()
      .from(queues)
      .where(and(eq(queues.id, id), isNull(queues.deletedAt)))
      .get();
    if (!queue) throw new AppError(404, `There is no dataset ${id}.`);
    const { id: _, run: _run, archivedAt: _archived, ...same } = queue;
    const asked = single && !isAlone(queue.mode) ? singleQuestion : {};
    const values = { ...same, ...asked, name: copyName(queue.name, isNameTaken), createdAt: now };
    const copy = tx.insert(queues).values(values).returning().get();
    keepGuidelines({ ...copy, by: null, asks: false }, now);
    copyRoles({ kind: "annotate", id }, { kind: "annotate", id: copy.id });
    return copy.id;
  });
}

function positionsOf(queueId: number): [first: number, last: number] {
  const edge = (descending: boolean) =>
    appDb()
      .select({ position: items.position })
      .from(items)
      .where(eq(items.queueId, queueId))
      .orderBy(descending ? desc(items.position) : asc(items.position))
      .limit(1)
      .get()?.position;
  return [edge(false) ?? 0, edge(true) ?? -1];
}

/** Records as an import would bring them; the pairs of a ranking are one. */
const rowsBetween = (queueId: number, from: number, to: number): SampleRow[] =>
  [
    ...groupBy(
      appDb()
        .select()
        .from(items)
        .where(and(eq(items.queueId, queueId), between(items.position, from, to)))
        .orderBy(asc(items.position), asc(items.place))
        .all(),
      ({ id, ranking }) => ranking ?? id,
    ).values(),
  ].map(asRow);

function asRow(pairs: Item[]): SampleRow {
  const { prompt, source, writers, gold } = pairs[0]!;
  const answers = answersOf(pairs);
  return {
    prompt,
    answers,
    source,
    ...(writers && { writers: eachOf(pairs.map((pair) => pair.writers!)).slice(0, answers.length) }),
    ...(gold && { gold }),
  };
}
