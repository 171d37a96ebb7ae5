// How fast an annotator goes through a queue.
import { inArray } from "drizzle-orm";
import { appDb } from "../../db/client";
import { judgements } from "../../db/tables/judgements";
import { tallyOf } from "./tally";
import { personIn } from "./tally-state";

/** So many of the newest votes count. */
const recent = 50;

/** The median active time of an annotator's newest votes in a queue, in milliseconds; null where there are none. */
export function paceOf(annotatorId: number, queueId: number): number | null {
  const { votes } = personIn(tallyOf(queueId), annotatorId);
  const newest = [...votes].flatMap(([seq, { pair }]) => (pair.place === 0 ? [seq] : [])).slice(-recent);
  const times = appDb()
    .select({ ms: judgements.activeMs })
    .from(judgements)
    .where(inArray(judgements.seq, newest))
    .all()
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? null;
}
