// What an annotator did in a queue, for the page after its last record.
import { and, asc, isNull } from "drizzle-orm";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import type { OwnSummaryDto } from "./judging-schema";
import { paceOf } from "./pace";
import { tallyOf } from "./tally";
import { openPairs, personIn } from "./tally-state";

export function ownSummary(annotatorId: number, queueId: number): OwnSummaryDto {
  const counts: OwnSummaryDto["counts"] = { preferred: 0, tie: 0, both_bad: 0, skip: 0, flag: 0 };
  const others = { agreed: 0, of: 0 };
  for (const { pair, verdict, mirror } of personIn(tallyOf(queueId), annotatorId).votes.values()) {
    if (mirror || pair.gold || pair.place > 0) continue;
    const isPreference = verdict === "first" || verdict === "second";
    counts[isPreference ? "preferred" : verdict]++;
    if (!isPreference) continue;
    // How often another annotator's preference on the same record is the same.
    const same = pair.votes[verdict] - 1;
    const either = pair.votes.first + pair.votes.second - 1;
    if (either <= 0) continue;
    others.agreed += Math.max(0, same);
    others.of += either;
  }
  return { counts, paceMs: paceOf(annotatorId, queueId), others, next: nextQueue(annotatorId, queueId) };
}

/** The next dataset in which the annotator has something left. */
function nextQueue(annotatorId: number, queueId: number): OwnSummaryDto["next"] {
  const rows = appDb()
    .select({ id: queues.id, name: queues.name })
    .from(queues)
    .where(and(isNull(queues.archivedAt), isNull(queues.deletedAt)))
    .orderBy(asc(queues.id))
    .all();
  const after = [...rows.filter(({ id }) => id > queueId), ...rows.filter(({ id }) => id < queueId)];
  for (const { id, name } of after) {
    const tally = tallyOf(id);
    const left = openPairs(tally) - personIn(tally, annotatorId).counts.judged;
    if (left > 0) return { id, name, left };
  }
  return null;
}
