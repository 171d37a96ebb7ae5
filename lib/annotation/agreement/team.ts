// Who annotates here: how much, how fast, and how often others say the same, over all datasets. Unmarked, so that tests read it in plain Node.
import { eq, isNull, sql } from "drizzle-orm";
import { wilson } from "../../../spec/statistics";
import { openDatasets } from "../../access/dataset-roles";
import { appDb } from "../../db/client";
import { annotators } from "../../db/tables/annotators";
import { queues } from "../../db/tables/queues";
import { tallyOf } from "../judging/tally";
import { type Person, sayingSame, type Vote } from "../judging/tally-state";

export interface Member {
  id: number;
  name: string;
  /** Whether their name is a made-up one, as they were erased. */
  erased: boolean;
  /** Records and rankings annotated; skipped and flagged ones, gold ones and repeats are none of them. */
  annotated: number;
  /** Median active time of those; null before the first. */
  seconds: number | null;
  /** Annotations of other people on the same records that say the same; null where nobody else annotated any. */
  agreement: { value: number; low: number; high: number; n: number } | null;
  /** When they last annotated; null where they never have. */
  lastAt: number | null;
  /** Where they annotated, the most annotated first. */
  datasets: { id: number; name: string; annotated: number }[];
}

interface Sums extends Pick<Member, "annotated" | "datasets"> {
  times: number[];
  same: number;
  others: number;
}

/** Everybody who has given a name, whoever annotated most first. */
export function teamOf(): Member[] {
  const sums = new Map<number, Sums>();
  const datasets = appDb()
    .select({ id: queues.id, name: queues.name, restricted: queues.restricted })
    .from(queues)
    .where(isNull(queues.deletedAt))
    .all();
  for (const { id, name } of openDatasets("annotate", datasets, "read"))
    for (const person of tallyOf(id).people.values()) {
      const own = sums.get(person.id) ?? { annotated: 0, datasets: [], times: [], same: 0, others: 0 };
      sums.set(person.id, own);
      addTo(own, person, { id, name });
    }
  const last = lastTimes();
  return appDb()
    .select({ id: annotators.id, name: annotators.name, erasedAt: annotators.erasedAt })
    .from(annotators)
    .where(eq(annotators.kind, "person"))
    .all()
    .map(({ id, name, erasedAt }) => ({
      ...{ id, name, erased: erasedAt !== null, lastAt: last.get(id) ?? null },
      ...memberOf(sums.get(id)),
    }))
    .sort((a, b) => b.annotated - a.annotated || a.name.localeCompare(b.name));
}

const isOpinion = ({ verdict, mirror, pair }: Vote) =>
  verdict !== "skip" && verdict !== "flag" && !mirror && !pair.gold && !pair.excluded;

function addTo(own: Sums, { votes }: Person, dataset: { id: number; name: string }): void {
  let here = 0;
  for (const vote of votes.values()) {
    if (!isOpinion(vote)) continue;
    const { pair, extra, activeMs } = vote;
    if (pair.place === 0) {
      here++;
      own.times.push(activeMs);
    }
    if (extra) continue; // not among the opinions on its record
    own.others += pair.opinions - 1;
    own.same += sayingSame(vote) - 1;
  }
  if (here === 0) return;
  own.annotated += here;
  own.datasets.push({ ...dataset, annotated: here });
}

function memberOf(own: Sums | undefined): Pick<Member, "annotated" | "seconds" | "agreement" | "datasets"> {
  if (!own) return { annotated: 0, seconds: null, agreement: null, datasets: [] };
  const { annotated, datasets, times, same, others } = own;
  times.sort((a, b) => a - b);
  const [low, high] = wilson(same / others, others);
  return {
    annotated,
    seconds: times.length === 0 ? null : times[Math.floor(times.length / 2)]! / 1000,
    agreement: others === 0 ? null : { value: same / others, low, high, n: others },
    datasets: datasets.sort((a, b) => b.annotated - a.annotated),
  };
}

/** By annotator the time of their newest vote, each found at the end of their own part of the index. */
const lastTimes = (): Map<number, number> =>
  new Map(
    appDb()
      .all<{ id: number; at: number }>(
        sql`SELECT annotators.id AS id, newest.created_at AS at FROM annotators JOIN judgements newest
          ON newest.seq = (SELECT max(seq) FROM judgements WHERE annotator_id = annotators.id)`,
      )
      .map(({ id, at }) => [id, at]),
  );
