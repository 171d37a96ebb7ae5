// How fast an annotator goes through a queue.
import { tallyOf } from "./tally";
import { personIn } from "./tally-state";

/** So many of the newest votes count. */
const recent = 50;
/** Of fewer nothing is told: over the first record people read the guidelines. */
const fewest = 3;

/** The median active time of an annotator's newest votes in a queue, in milliseconds; null where there are too few. */
export function paceOf(annotatorId: number, queueId: number): number | null {
  const { given } = personIn(tallyOf(queueId), annotatorId);
  const times = given
    .slice(-recent)
    .map(({ activeMs }) => activeMs)
    .sort((a, b) => a - b);
  return times.length < fewest ? null : times[Math.floor(times.length / 2)]!;
}
