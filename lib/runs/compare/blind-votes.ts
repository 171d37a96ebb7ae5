// Two runs' last completions of the same prompts as a dataset of pairs, which people annotate without names; and what their annotations say.
import "server-only";
import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Message } from "../../../spec/chat";
import { AppError } from "../../../spec/errors";
import { type Compared, fewestCompared, lengthControlled } from "../../../spec/length-controlled";
import { wilson } from "../../../spec/statistics";
import { addItems, type SampleRow } from "../../annotation/items/items";
import { tallyOf } from "../../annotation/judging/tally";
import { queueNamed } from "../../annotation/queues/new-queue";
import { appDb, metricsDb } from "../../db/client";
import { answers } from "../../db/metrics-schema";
import { items } from "../../db/tables/items";
import { queues } from "../../db/tables/queues";
import type { Run } from "../../db/tables/runs";
import { folderOf } from "../folder";
import { requireRun } from "../require-run";
import type { BlindVotes } from "./compare-schema";

/** In the order of their ids, so that a comparison is the same one whichever run is named first. */
const pairOf = (ids: [string, string]): [Run, Run] => {
  if (ids[0] === ids[1]) throw new AppError(400, "Name two different runs to compare.");
  const [one, other] = ids.toSorted();
  return [requireRun(one!), requireRun(other!)];
};

const sourceOf = ([one, other]: [Run, Run]) => `comparison of ${one.id} and ${other.id}`;

/** Adds what both answered to their dataset, made with the first; says which it is, and how many records are new. */
export function askBlind(ids: [string, string], now: number): { queueId: number; added: number } {
  const runs = pairOf(ids);
  const source = sourceOf(runs);
  const [one, other] = runs.map((run) => lastAnswers(run.id)) as [Answered, Answered];
  const rows = [...one].flatMap(([key, { prompt, answer }]): SampleRow[] => {
    const beside = other.get(key)?.answer;
    if (beside === undefined || beside === answer || answer.trim() === "" || beside.trim() === "") return [];
    return [{ prompt, answers: [answer, beside], source, writers: runs.map(folderOf) }];
  });
  if (rows.length === 0)
    throw new AppError(
      400,
      `${runs[0].name} and ${runs[1].name} have no two different completions of the same prompt; give both the same evaluation prompts.`,
    );
  const queueId = knownQueue(source) ?? queueNamed(`${runs[0].name} or ${runs[1].name}`.slice(0, 80), now);
  return { queueId, added: addItems(queueId, rows) };
}

type Answered = Map<string, { prompt: Message[]; answer: string }>;

/** What a run answered at the last step that it sampled at, by prompt. */
function lastAnswers(runId: string): Answered {
  const [last] = metricsDb()
    .select({ step: answers.step })
    .from(answers)
    .where(eq(answers.runId, runId))
    .orderBy(desc(answers.step))
    .limit(1)
    .all();
  const rows = metricsDb()
    .select({ prompt: answers.prompt, answer: answers.answer })
    .from(answers)
    .where(and(eq(answers.runId, runId), eq(answers.step, last?.step ?? -1)))
    .orderBy(asc(answers.slot))
    .all();
  return new Map(
    rows.map(({ prompt: asked, answer }) => {
      const prompt = typeof asked === "string" ? [{ role: "user", content: asked }] : asked;
      return [JSON.stringify(prompt), { prompt, answer }];
    }),
  );
}

/** The dataset that a comparison's records are in, under whatever name it has by now. */
const knownQueue = (source: string): number | undefined => recordsOf(source).at(-1)?.queueId;

const recordsOf = (source: string) =>
  appDb()
    .select({ id: items.id, queueId: items.queueId, first: items.first, second: items.second })
    .from(items)
    .innerJoin(queues, eq(queues.id, items.queueId))
    .where(
      and(
        sql`${items.id} IN (SELECT id FROM items INDEXED BY items_facts WHERE source = ${source})`,
        isNull(queues.deletedAt),
      ),
    )
    .all();

/** What people's annotations say of two runs, in the order in which they are named; null before anybody was asked. */
export function blindVotes(ids: [string, string]): BlindVotes | null {
  const runs = pairOf(ids);
  const records = recordsOf(sourceOf(runs));
  const queueId = records.at(-1)?.queueId;
  if (queueId === undefined) return null;
  const counts = { first: 0, second: 0, tie: 0, both_bad: 0 };
  const { pairs } = tallyOf(queueId);
  const compared: Compared[] = [];
  for (const { id, first, second } of records) {
    const pair = pairs.get(id);
    if (!pair || pair.excluded) continue;
    for (const said of Object.keys(counts) as (keyof typeof counts)[]) counts[said] += pair.votes[said];
    for (const [said, preferred] of [
      ["first", 1],
      ["second", 0],
      ["tie", 0.5],
    ] as const)
      for (let vote = 0; vote < pair.votes[said]; vote++)
        compared.push({ length: first.length, otherLength: second.length, preferred });
  }
  const inOrder = runs[0].id === ids[0] ? [counts.first, counts.second] : [counts.second, counts.first];
  const [first, second] = inOrder as [number, number];
  const share = first / (first + second);
  return {
    queueId,
    records: records.length,
    first,
    second,
    even: counts.tie + counts.both_bad,
    interval: first + second === 0 ? null : wilson(share, first + second),
    equalLength: equalLength(compared, runs[0].id === ids[0]),
  };
}

function equalLength(compared: Compared[], isFirst: boolean): BlindVotes["equalLength"] {
  if (compared.length < fewestCompared) return null;
  const { winRate: own, error } = lengthControlled(compared);
  const winRate = isFirst ? own : 1 - own;
  const [low, high] = [Math.max(0, winRate - 1.96 * error), Math.min(1, winRate + 1.96 * error)];
  return { winRate, low, high };
}
