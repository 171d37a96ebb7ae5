// What leaves a queue: its decided pairs in TRL's conversational columns, as other programs read them, with rewrites, votes and records as they came.
import { asc, eq } from "drizzle-orm";
import { groupBy } from "../../../common/group-by";
import type { Message } from "../../../spec/chat";
import { judgesSure } from "../../annotation/agreement/judge-agreement";
import { reliabilityOf } from "../../annotation/agreement/queue-agreement";
import { asksSingle, asksSteps } from "../../annotation/items/asks-single";
import { goodOrBad, isSingle } from "../../annotation/items/single-answers";
import { ownVotes } from "../../annotation/judging/judge";
import { answersOf, eachOf } from "../../annotation/judging/rankings";
import { rulingsOf } from "../../annotation/judging/rulings";
import { type Decided, decidedItems, isOpinion, rewritesOf, votesOf } from "../../annotation/judging/standing-votes";
import { pairIdsOf } from "../../annotation/records/list-records";
import { filterOf } from "../../annotation/records/records-schema";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import { queues } from "../../db/tables/queues";
import { fileName } from "../../file-name";
import { type Beside, besideOf, besideVotes, ratingsOf } from "./criteria";
import { datasetCard } from "./dataset-card";
import type { ExportFilter, ExportName } from "./export-filter";
import {
  csv,
  jsonLines,
  type RankedRow,
  sharegpt,
  sharegptInfo,
  type UnpairedRow,
  unpaired,
  unpairedCsv,
} from "./export-formats";
import { parquet, unpairedParquet } from "./export-parquet";
import { eachJudged } from "./judged-answers";
import { eventsOf } from "./queue-events";
import { eachRanking } from "./rankings";
import { eachRewritten, rewritePairs, rewritesArePairs } from "./rewrite-pairs";
import { eachStepwise, type StepwiseRow } from "./stepwise";

function rankedRow({ item, balance, raters, votes, judges, ruled }: Decided, first: number, beside: Beside): RankedRow {
  const [chosen, rejected] = balance > 0 ? [item.first, item.second] : [item.second, item.first];
  const answer = (content: string): [Message] => [{ role: "assistant", content }];
  return {
    prompt: item.prompt,
    chosen: answer(chosen),
    rejected: answer(rejected),
    strength: Math.abs(balance) / Math.max(1, raters, judges),
    n_raters: raters,
    p_chosen: ruled ? 1 : Number((balance > 0 ? first : 1 - first).toFixed(4)),
    ...besideVotes(votes, beside),
    ...ratingsOf(votes, beside, { chosen: balance > 0 ? 0 : 1, rejected: balance > 0 ? 1 : 0 }),
    ...(raters === 0 && !ruled && { labelled_by: judges > 0 ? ("judge" as const) : ("import" as const) }),
  };
}

/** The queue's decided pairs; `p_chosen` is how sure the annotators' reliability leaves the label. */
export function* eachRanked(
  queueId: number,
  { strength = 0, raters = 0, probability = 0, records }: ExportFilter = {},
): Generator<RankedRow> {
  if (asksSingle(queueId)) return;
  const votes = votesOf(queueId);
  const { first } = reliabilityOf(votes);
  const byJudges = judgesSure(queueId, votes);
  const wanted = isIn(queueId, records);
  const beside = besideOf(queueId);
  for (const decided of decidedItems(queueId)) {
    if (!wanted(decided)) continue;
    const sure = decided.judges > 0 ? byJudges.get(decided.item.id) : first.get(decided.item.id);
    const row = rankedRow(decided, sure ?? (decided.balance > 0 ? 1 : 0), beside);
    if (row.strength >= strength && row.n_raters >= raters && row.p_chosen >= probability) yield row;
  }
}

/** The same, and where the dataset says so each rewrite over the answers that it was to replace: nobody said how much better it is. */
export function* eachPair(queueId: number, filter: ExportFilter = {}): Generator<RankedRow> {
  if (asksSingle(queueId)) return;
  yield* eachRanked(queueId, filter);
  const { strength = 0, raters = 0, records } = filter;
  if (!rewritesArePairs(queueId) || strength > 1 || raters > 1) return;
  const [wanted, beside] = [isIn(queueId, records), besideOf(queueId)];
  for (const one of eachRewritten(queueId)) if (wanted(one)) yield* rewritePairs(one, beside);
}

const rankedRows = (queueId: number, filter?: ExportFilter): RankedRow[] => [...eachPair(queueId, filter)];

/** Whether an item is of the records that a view leaves; all are where none is named. */
function isIn(queueId: number, view = ""): (one: { item: Pick<Item, "id"> }) => boolean {
  if (view === "") return () => true;
  const wanted = new Set(pairIdsOf(queueId, filterOf(new URLSearchParams(view))));
  return ({ item }) => wanted.has(item.id);
}

/**
 * Pairs whose answers all found equally good (true) or equally bad (false): they rank nothing, but say something of each answer. Within a
 * ranking a tie does not, and what a reviewer decided stands over the votes.
 */
function equals(queueId: number, records: string | undefined): UnpairedRow[] {
  const byItem = groupBy(
    votesOf(queueId).filter(({ verdict }) => isOpinion(verdict)),
    ({ itemId }) => itemId,
  );
  const wanted = isIn(queueId, records);
  const [beside, ruled] = [besideOf(queueId), rulingsOf(queueId)];
  const known = itemsOf(queueId).filter((item) => item.ranking === null && !ruled.has(item.id) && wanted({ item }));
  return known.flatMap(({ id, prompt, first, second }) => {
    const votes = byItem.get(id) ?? [];
    const verdicts = new Set(votes.map(({ verdict }) => verdict));
    if (verdicts.size !== 1 || !(verdicts.has("tie") || verdicts.has("both_bad"))) return [];
    return [first, second].map((content, which) => ({
      prompt,
      completion: [{ role: "assistant", content }],
      label: verdicts.has("tie"),
      ...besideVotes(votes, beside),
      ...ratingsOf(votes, beside, { completion: which }),
    }));
  });
}

/** What people judged of pairs or of single answers, as runs of KTO freeze it: a pair whose answers differ stays one row. */
export function* eachForKto(queueId: number, filter: ExportFilter = {}): Generator<RankedRow | UnpairedRow> {
  if (asksSingle(queueId)) return yield* eachSingle(queueId, filter);
  yield* eachRanked(queueId, filter);
  yield* equals(queueId, filter.records);
  yield* goodRewrites(queueId, filter.records);
}

/** Solutions with the labels of their steps; none of a queue that asks something else. */
export function* eachLabelledByStep(queueId: number, filter: ExportFilter = {}): Generator<StepwiseRow> {
  if (asksSteps(queueId)) yield* eachStepwise(queueId, filter, besideOf(queueId), isIn(queueId, filter.records));
}

/** Single answers: as people judged them, or those of pairs as people preferred them. */
function* eachSingle(queueId: number, filter: ExportFilter = {}): Generator<UnpairedRow> {
  if (asksSingle(queueId)) yield* eachJudged(queueId, filter, besideOf(queueId), isIn(queueId, filter.records));
  else {
    yield* unpaired([...eachRanked(queueId, filter)]);
    yield* equals(queueId, filter.records);
  }
  yield* goodRewrites(queueId, filter.records);
}

/** Where the dataset says so, rewrites are good answers to KTO: as pairs they would make the answers that people preferred bad as well. */
function* goodRewrites(queueId: number, records: ExportFilter["records"]): Generator<UnpairedRow> {
  if (!rewritesArePairs(queueId)) return;
  const [wanted, beside] = [isIn(queueId, records), besideOf(queueId)];
  for (const { item, text, vote } of eachRewritten(queueId))
    if (wanted({ item }))
      yield {
        prompt: item.prompt,
        completion: [{ role: "assistant", content: text }],
        label: true,
        ...besideVotes([vote], beside),
      };
}

export const exportQueue = (queueId: number, filter?: ExportFilter) => jsonLines(rankedRows(queueId, filter));

/** The answers that annotators wrote themselves, as SFT reads them. */
export function* eachRewrite(queueId: number): Generator<object> {
  const beside = besideOf(queueId);
  for (const { item, rewrite, vote } of rewritesOf(queueId)) {
    const { rationales: [rationale] = [], ...tags } = besideVotes([vote], beside);
    yield {
      prompt: item.prompt,
      completion: [{ role: "assistant", content: rewrite }],
      ...(rationale && { rationale }),
      ...tags,
    };
  }
}

const itemsOf = (queueId: number) =>
  appDb().select().from(items).where(eq(items.queueId, queueId)).orderBy(asc(items.position), asc(items.place)).all();

/** Every pair as it came, judged or not: what an import reads again. */
export const exportItems = (queueId: number) => jsonLines(asTheyCame(queueId, () => true, true));

/**
 * The same for an annotator, who may not have judged all of it yet: who wrote the answers is told of pairs that they have judged, as after
 * a vote, and what is right of gold pairs of none.
 */
export function exportItemsFor(annotatorId: number, queueId: number): string {
  const judged = new Set(
    ownVotes(annotatorId, eq(items.queueId, queueId))
      .all()
      .map(({ item }) => item.id),
  );
  return jsonLines(asTheyCame(queueId, ({ id }) => judged.has(id), false));
}

const asTheyCame = (queueId: number, tellsWriters: (item: Item) => boolean, tellsGold: boolean): object[] =>
  [...groupBy(itemsOf(queueId), ({ id, ranking }) => ranking ?? id).values()].map((pairs) => {
    const [first] = pairs as [Item];
    const { prompt, source, gold } = first;
    const answers = answersOf(pairs);
    const writers = first.writers && eachOf(pairs.map((pair) => pair.writers!)).slice(0, answers.length);
    return {
      prompt,
      answers,
      ...(tellsWriters(first) && { source, ...(writers && { writers }) }),
      ...(tellsGold && gold && { gold: isSingle(first) ? { ...gold, verdict: goodOrBad(gold.verdict) } : gold }),
    };
  });

/** A queue's name as files bear it. */
export const fileNameOf = (queueId: number): string =>
  fileName(appDb().select().from(queues).where(eq(queues.id, queueId)).get()!.name);

/** What a queue can be written as. TRL's pairs are OpenRLHF's as well (`--prompt_key prompt --apply_chat_template`). */
export const exporters = {
  pairs: exportQueue,
  kto: (queueId: number, filter?: ExportFilter) => jsonLines([...eachSingle(queueId, filter)]),
  stepwise: (queueId: number, filter?: ExportFilter) => jsonLines([...eachLabelledByStep(queueId, filter)]),
  "llama-factory": (queueId: number, filter?: ExportFilter) => jsonLines(sharegpt(rankedRows(queueId, filter))),
  "llama-factory-info": (queueId: number) => {
    const name = fileNameOf(queueId);
    return `${JSON.stringify(sharegptInfo(name, `${name}-llama-factory.jsonl`), null, 2)}\n`;
  },
  csv: (queueId: number, filter?: ExportFilter) =>
    asksSingle(queueId) ? unpairedCsv([...eachSingle(queueId, filter)]) : csv(rankedRows(queueId, filter)),
  parquet: (queueId: number, filter?: ExportFilter) =>
    asksSingle(queueId) ? unpairedParquet([...eachSingle(queueId, filter)]) : parquet(rankedRows(queueId, filter)),
  card: (queueId: number) =>
    datasetCard(
      queueId,
      asksSteps(queueId)
        ? jsonLines([...eachLabelledByStep(queueId)])
        : asksSingle(queueId)
          ? jsonLines([...eachForKto(queueId)])
          : exportQueue(queueId),
    ),
  rankings: (queueId: number) => jsonLines([...eachRanking(queueId)]),
  rewrites: (queueId: number) => jsonLines([...eachRewrite(queueId)]),
  events: (queueId: number) => jsonLines(eventsOf(queueId)),
  items: exportItems,
} satisfies Record<ExportName, (queueId: number, filter?: ExportFilter) => string | Uint8Array>;
/** Forms that hold preference pairs, which a filter limits. */
export const filtered: readonly ExportName[] = ["pairs", "kto", "stepwise", "llama-factory", "csv", "parquet"];
