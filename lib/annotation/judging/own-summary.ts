// What an annotator did in a queue, for the page after its last record.
import { and, asc, isNull } from "drizzle-orm";
import { openDatasets } from "../../access/dataset-roles";
import { appDb } from "../../db/client";
import { type Queue, queues } from "../../db/tables/queues";
import { asksSingle } from "../items/asks-single";
import { goodOrBad } from "../items/single-answers";
import { onlyRecords } from "./assigned-records";
import type { OwnSummaryDto } from "./judging-schema";
import { paceOf } from "./pace";
import { tallyOf } from "./tally";
import { isWork, type Pair, personIn, sayingSame } from "./tally-state";

export function ownSummary(annotatorId: number, queueId: number): OwnSummaryDto {
  const isSingle = asksSingle(queueId);
  const counts: OwnSummaryDto["counts"] = { preferred: 0, good: 0, bad: 0, tie: 0, both_bad: 0, skip: 0, flag: 0 };
  const others = { agreed: 0, of: 0 };
  for (const vote of personIn(tallyOf(queueId), annotatorId).votes.values()) {
    const { pair, verdict, mirror, extra } = vote;
    if (mirror || pair.gold || pair.place > 0) continue;
    const isPreference = verdict === "first" || verdict === "second";
    counts[isPreference ? (isSingle ? goodOrBad(verdict)! : "preferred") : verdict]++;
    if (!isPreference || extra) continue; // an extra vote is not among those of its record
    // How often another annotator's preference on the same record is the same.
    const same = sayingSame(vote) - 1;
    const either = pair.votes.first + pair.votes.second - 1;
    if (either <= 0) continue;
    others.agreed += Math.max(0, same);
    others.of += either;
  }
  return { counts, paceMs: paceOf(annotatorId, queueId), others, next: nextQueue(annotatorId, queueId) };
}

/** The next dataset in which the annotator has something left. */
function nextQueue(annotatorId: number, queueId: number): OwnSummaryDto["next"] {
  const all = appDb()
    .select()
    .from(queues)
    .where(and(isNull(queues.archivedAt), isNull(queues.deletedAt)))
    .orderBy(asc(queues.id))
    .all();
  const rows = openDatasets("annotate", all, "annotate");
  const after = [...rows.filter(({ id }) => id > queueId), ...rows.filter(({ id }) => id < queueId)];
  for (const queue of after) {
    const left = leftIn(queue, annotatorId);
    if (left > 0) return { id: queue.id, name: queue.name, left };
  }
  return null;
}

/** How many records an annotator may still annotate: those with a place left, up to the annotator's limit. */
function leftIn(queue: Queue, annotatorId: number): number {
  const { id, overlap, quota } = queue;
  const tally = tallyOf(id);
  const only = onlyRecords(annotatorId, queue);
  const { judged, counts } = personIn(tally, annotatorId);
  const hasRoom = (pair: Pair) =>
    isWork(pair) &&
    !judged.has(pair.id) &&
    (overlap === null || pair.opinions < overlap) &&
    (only?.has(pair.id) ?? true);
  const open = tally.tasks.filter(hasRoom).length;
  return quota === null ? open : Math.min(open, quota - counts.judged);
}
