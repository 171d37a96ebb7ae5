// Pages of the records browser: what the filter leaves, with the beginnings of the texts.
import { sql } from "drizzle-orm";
import type { Message } from "../../../spec/chat";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import { annotatorNames } from "../../people/annotator-names";
import { knownImporter } from "../../people/importer";
import { answersOf } from "../judging/rankings";
import { isDecided, leaning } from "../judging/tally-fold";
import { orderFor } from "../judging/tasks";
import { accuracyIn, sureness } from "./label-probability";
import { pageOf } from "./page-of-records";
import type { RecordFacts } from "./record-facts";
import { statusesOf } from "./record-statuses";
import { recordTagsNow } from "./record-tags";
import { type RecordPage, type RecordRow, type RecordSearch, recordSearch } from "./records-schema";
import { wordsOf } from "./search-texts";
import { facetsOf, rangesOf, type Selection, select } from "./select-records";

const rowsAtOnce = 30;

/** A page for somebody; `cursor` is where it begins, as the page before said. */
export function listRecords(queueId: number, viewer: number, filter: RecordSearch, cursor: string | null): RecordPage {
  const selection = select(queueId, filter);
  const { records, next } = pageOf(selection.matching, filter.sort, cursor, rowsAtOnce);
  return {
    total: selection.total,
    matching: selection.matching.length,
    rows: rowsOf(records, viewer, selection, wordsOf(filter.q)),
    next,
    facets: cursor === null ? facetsOf(selection, filter) : null,
    ranges: cursor === null ? rangesOf(selection) : null,
  };
}

/** How many records are in which state, and of how many somebody said what. */
export function countRecords(
  queueId: number,
): Pick<RecordPage, "total"> & Record<"status" | "said", { value: string; count: number }[]> {
  const filter = recordSearch.parse({});
  const selection = select(queueId, filter);
  const { status, said } = facetsOf(selection, filter);
  return { total: selection.total, status, said };
}

/** Ids of all that a filter leaves. */
export const recordIdsOf = (queueId: number, filter: RecordSearch): number[] =>
  select(queueId, filter).matching.map(({ pair }) => pair.id);

/** Those of their pairs, of which a ranking has several. */
export const pairIdsOf = (queueId: number, filter: RecordSearch): number[] =>
  select(queueId, filter).matching.flatMap(({ pairs }) => pairs.map(({ id }) => id));

function rowsOf(
  records: RecordFacts[],
  viewer: number,
  { circumstances, tally }: Selection,
  words: string[],
): RecordRow[] {
  const texts = textsOf(records.flatMap(({ pairs }) => pairs.map(({ id }) => id)));
  const [names, file, tags, accuracy] = [annotatorNames(), knownImporter(), recordTagsNow(), accuracyIn(tally)];
  return records.map((record) => {
    const pairs = record.pairs.map(({ id }) => texts.get(id)!);
    const answers = answersOf(pairs);
    const order = orderFor(viewer, pairs[0]!, answers.length, false);
    return {
      id: record.pair.id,
      prompt: excerpt(textOf(pairs[0]!.prompt), words),
      answers: order.slice(0, 2).map((at) => excerpt(answers[at]!, words)),
      of: answers.length,
      label: labelOf(record, order[0] === 0, circumstances.single),
      votes: votesOn(record, order[0] === 0),
      statuses: statusesOf(record, circumstances),
      ...sureness(record, accuracy),
      ratio: record.lengthRatio,
      tags: [...(tags.get(record.pair.id) ?? [])].sort(),
      annotators: [
        ...(record.pair.given !== 0 && file !== null ? [file] : []),
        ...record.pair.standing.map(({ person }) => person.id),
      ].map((id) => names.get(id) ?? ""),
      votedAt: record.pair.votedAt || null,
    };
  });
}

const textsOf = (ids: number[]): Map<number, Item> =>
  new Map(
    appDb()
      .select()
      .from(items)
      .where(sql`${items.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
      .all()
      .map((item) => [item.id, item]),
  );

/** What was asked last. */
const textOf = (prompt: Message[]): string => prompt.at(-1)?.content ?? "";

const longest = 180;

/** The beginning of a text, or what stands around the first of some words, on one line. */
function excerpt(text: string, words: string[]): string {
  const low = text.toLowerCase();
  const places = words.map((word) => low.indexOf(word.toLowerCase())).filter((at) => at >= 0);
  const at = places.length > 0 ? Math.min(...places) : 0;
  const from = at < longest / 2 ? 0 : at - 40;
  const cut = text
    .slice(from, from + longest)
    .replace(/\s+/g, " ")
    .trim();
  return `${from > 0 ? "…" : ""}${cut}${from + longest < text.length ? "…" : ""}`;
}

/** What votes and decisions come to; `isFirst`: the first answer is A for whoever looks. */
function labelOf({ pair, pairs }: RecordFacts, isFirst: boolean, single: boolean): RecordRow["label"] {
  if (pairs.length > 1) return pairs.some(isDecided) ? "ranked" : null;
  if (isDecided(pair)) {
    const first = pair.ruling === null ? leaning(pair) > 0 : pair.ruling === "first";
    if (single) return first ? "good" : "bad";
    return first === isFirst ? "A" : "B";
  }
  return pair.opinions > 0 ? "tie" : null;
}

function votesOn({ pair: { votes } }: RecordFacts, isFirst: boolean): RecordRow["votes"] {
  const [A, B] = isFirst ? [votes.first, votes.second] : [votes.second, votes.first];
  return { A, B, tie: votes.tie, bothBad: votes.both_bad };
}
