// `workbench judge` and the button on a dataset: an endpoint judges the pairs of a dataset, each vote kept as soon as it is there.
import { and, asc, eq, isNull, ne, sql } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { isAlone } from "../../../spec/queue-options";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import type { Endpoint } from "../../db/tables/endpoints";
import { items } from "../../db/tables/items";
import { queues } from "../../db/tables/queues";
import { noSecond } from "../items/single-answers";
import { isIncluded, notJudged } from "../judging/overlap";
import { fewAtOnce } from "./few-at-once";
import { judgePair } from "./judge-pair";
import { judgeOf, storeVote } from "./judges";

export interface JudgeReport {
  judge: number;
  /** Records that got a vote, ties among them, and those whose answers could not be read. */
  judged: number;
  ties: number;
  unread: number;
  /** Dollars. */
  cost: number;
}

interface Options {
  /** Also records that it has judged before, whose votes it takes back. */
  again?: boolean;
  /** At most so many records. */
  limit?: number;
  /** Of these records alone, by their hashes. */
  only?: string[];
  said?: (line: string) => void;
  signal?: AbortSignal;
}

export async function judgeQueue(queueId: number, endpoint: Endpoint, options: Options = {}): Promise<JudgeReport> {
  const { again = false, limit, only, said, signal } = options;
  const queue = appDb().select().from(queues).where(eq(queues.id, queueId)).get()!;
  if (isAlone(queue.mode))
    throw new AppError(400, `${queue.name} holds single answers; a judge compares the two of a pair.`);
  const judge = await retryOnBusyAsync(() => judgeOf(endpoint, Date.now()));
  const ids = pairsFor(queueId, again ? null : judge, only).slice(0, limit);
  const report: JudgeReport = { judge, judged: 0, ties: 0, unread: 0, cost: 0 };
  const one = async (id: number): Promise<void> => {
    const pair = appDb().select().from(items).where(eq(items.id, id)).get()!;
    const judged = await judgePair(endpoint, queue, pair, signal);
    await retryOnBusyAsync(() => storeVote(judge, id, judged, Date.now()));
    count(report, judged);
    said?.(`${report.judged + report.unread} of ${ids.length} records`);
  };
  await fewAtOnce(ids, one, signal);
  if (signal?.aborted) throw new AppError(409, "Cancelled. The votes so far are kept.");
  return report;
}

function count(report: JudgeReport, { opinions, cost }: Awaited<ReturnType<typeof judgePair>>): void {
  report.cost += cost;
  if (opinions === null) report.unread++;
  else {
    report.judged++;
    if (opinions[0].verdict !== opinions[1].verdict || opinions[0].verdict === "tie") report.ties++;
  }
}

/** Pairs that are not excluded, gold ones among them: rankings are none, nor what this judge has voted on. */
const pairsFor = (queueId: number, judge: number | null, only: string[] | undefined): number[] =>
  appDb()
    .select({ id: items.id })
    .from(items)
    .where(
      and(
        eq(items.queueId, queueId),
        isNull(items.ranking),
        ne(items.second, noSecond),
        isIncluded,
        judge === null ? undefined : notJudged(judge),
        only && sql`${items.hash} IN (SELECT value FROM json_each(${JSON.stringify(only)}))`,
      ),
    )
    .orderBy(asc(items.position))
    .all()
    .map(({ id }) => id);
