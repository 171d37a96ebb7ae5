// How sure a label is, as exports say it in `p_chosen`: by how reliable those are who voted (agreement/reliability.ts).
import { countedVotes, sidesTaken } from "../agreement/counted-votes";
import { reliability } from "../agreement/reliability";
import { isDecided, leaning } from "../judging/tally-fold";
import type { Pair, QueueTally } from "../judging/tally-state";
import type { RecordFacts } from "./record-facts";

type Accuracy = ReadonlyMap<number, number>;

interface Known {
  version: number;
  votes: number;
  accuracy: Accuracy;
}
// on globalThis, since the bundler may load this file more than once
const held = globalThis as { workbenchAccuracy?: WeakMap<QueueTally, Known> };

/** Up to so many votes annotators are weighed anew after each; of more, after each hundredth part of them, which moves no one's reliability far. */
const few = 2000;

/** By annotator the probability of picking the better answer. */
export function accuracyIn(tally: QueueTally): Accuracy {
  held.workbenchAccuracy ??= new WeakMap();
  const { version, votes } = tally;
  const known = held.workbenchAccuracy.get(tally);
  if (known && (known.version === version || Math.abs(votes - known.votes) < (votes > few ? votes / 100 : 0)))
    return known.accuracy;
  const { accuracy } = reliability(sidesTaken(countedVotes(tally)));
  held.workbenchAccuracy.set(tally, { version, votes, accuracy });
  return accuracy;
}

/** Of a pair's label to be the better answer; NaN where it has none, or none from people here. A decision is certain. */
export function probabilityOf(pair: Pair, accuracy: Accuracy): number {
  if (!isDecided(pair)) return Number.NaN;
  if (pair.ruling !== null) return 1;
  let odds = 0;
  let voted = false;
  for (const { verdict, mirror, extra, person } of pair.standing) {
    const sure = accuracy.get(person.id);
    if (mirror || extra || sure === undefined || (verdict !== "first" && verdict !== "second")) continue;
    voted = true;
    odds += (verdict === "first" ? 1 : -1) * Math.log(sure / (1 - sure));
  }
  if (!voted) return Number.NaN;
  const first = 1 / (1 + Math.exp(-odds));
  return leaning(pair) > 0 ? first : 1 - first;
}

/** Of a record: how sure its label is, and how far apart the reward model's scores are; null where that is not known. A ranking has several. */
export function sureness({ pair, pairs }: RecordFacts, accuracy: Accuracy): { p: number | null; gap: number | null } {
  if (pairs.length > 1) return { p: null, gap: null };
  const p = probabilityOf(pair, accuracy);
  return {
    p: Number.isNaN(p) ? null : p,
    gap: pair.scores === null ? null : Math.abs(pair.scores[0] - pair.scores[1]),
  };
}
