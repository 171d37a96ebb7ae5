// One record with all that happened to it.
import { and, asc, eq, inArray } from "drizzle-orm";
import { findingsOf } from "../../data-checks/kept-findings";
import { textsIn } from "../../data-checks/row-texts-at";
import { appDb } from "../../db/client";
import { exclusions, type Item, items } from "../../db/tables/items";
import { type Judgement, judgements } from "../../db/tables/judgements";
import { judgeVotes } from "../../db/tables/judges";
import { returns, rulings } from "../../db/tables/rulings";
import { renderMarkdown } from "../../markdown/markdown";
import { annotatorNames } from "../../people/annotator-names";
import { knownImporter } from "../../people/importer";
import { versionsOfRecord } from "../data-checks/record-versions";
import { newestGuidelines } from "../guidelines/versions";
import { scoresOf } from "../items/item-scores";
import { goodOrBad, isSingle } from "../items/single-answers";
import { nameOfWriter } from "../items/writer-names";
import { answersOf, choiceOf, eachOf, judgedWith } from "../judging/rankings";
import { reasonsOf } from "../judging/reasons";
import { tallyOf } from "../judging/tally";
import { orderFor } from "../judging/tasks";
import { swapped, votesWith } from "../judging/vote-content";
import { recordOf } from "./record-facts";
import { statusesOf } from "./record-statuses";
import { tagsOf } from "./record-tags";
import type { RecordDetail, RecordSearch } from "./records-schema";
import { circumstancesOf } from "./select-records";

/** Null where the dataset has no such record. A pair of a ranking names the whole of it. */
export function recordDetailOf(queueId: number, viewer: number, id: number, filter: RecordSearch): RecordDetail | null {
  const record = recordOf(tallyOf(queueId), id);
  if (!record) return null;
  const recordId = record.pair.id;
  const item = appDb().select().from(items).where(eq(items.id, recordId)).get()!;
  const pairs = judgedWith(item);
  const answers = answersOf(pairs);
  const order = orderFor(viewer, item, answers.length, false);
  const versions = versionsOfRecord(queueId, recordId);
  const names = annotatorNames();
  const nameOf = (annotator: number) => names.get(annotator) ?? `annotator ${annotator}`;
  const tells = filter.reveal || record.pair.standing.some(({ person }) => person.id === viewer);
  const models = tells ? sidesOf(pairs, ({ writers }) => writers) : null;
  const scores = tells ? sidesOf(pairs, scoresOf) : null;
  const modelName = nameOfWriter();
  return {
    id: recordId,
    position: item.position,
    prompt: item.prompt.map(({ role, content }, i) => ({ turn: i + 1, role, html: renderMarkdown(content ?? "") })),
    answers: order.map((at) => ({
      text: answers[at]!,
      html: renderMarkdown(answers[at]!),
      model: models ? modelName(models[at]!) : null,
      score: scores ? scores[at]! : null,
    })),
    source: tells ? item.source : null,
    tags: tagsOf(recordId),
    statuses: statusesOf(record, circumstancesOf(queueId, filter.reveal)),
    guidelines: newestGuidelines(queueId),
    gold:
      filter.reveal && item.gold ? { says: answerSaid(item.gold.verdict, order), because: item.gold.because } : null,
    texts: textsOf(item.prompt, answers, order),
    findings: findingsOf({ kind: "queue", id: queueId }, recordId, versions),
    versions,
    votes: votesOn(item, order, nameOf, record.pair.queue.judgesCount),
    ...eventsOn(pairs, order, nameOf),
  };
}

/** Each text with where it stands, answers as this person sees them. */
function textsOf(prompt: Item["prompt"], answers: string[], order: number[]): RecordDetail["texts"] {
  const asked = textsIn(prompt).map(({ at, text }) => ({ at: ["prompt", ...at], text }));
  const written = order.map((at, i) => ({
    at: ["answers", at],
    text: answers[at]!,
    name: answers.length === 1 ? "answer" : `answer ${String.fromCharCode(65 + i)}`,
  }));
  return [...asked, ...written];
}

/** What is known of each answer, where it is known of all. */
function sidesOf<Side>(pairs: Item[], of: (pair: Item) => [Side, Side] | null): Side[] | null {
  const sides = pairs.map(of);
  return sides.includes(null) ? null : eachOf(sides as [Side, Side][]);
}

/** A verdict on the first pair, in terms of an order. */
function answerSaid(
  verdict: "first" | "second" | "tie" | "both_bad" | "neither" | "withdrawn",
  order: number[],
): string {
  const says = order.length === 1 && goodOrBad(verdict);
  if (says) return says;
  if (verdict === "first" || verdict === "second") {
    const at = order.indexOf(verdict === "first" ? 0 : 1);
    return `${String.fromCharCode(65 + at)} is better`;
  }
  return { tie: "tie", both_bad: "both bad", neither: "excluded", withdrawn: "decision cleared" }[verdict];
}

/** Every vote, newest first, those that were taken back too. */
function votesOn(
  item: Item,
  order: number[],
  nameOf: (annotator: number) => string,
  counts: boolean,
): RecordDetail["votes"] {
  const events = appDb()
    .select()
    .from(judgements)
    .where(eq(judgements.itemId, item.id))
    .orderBy(asc(judgements.seq))
    .all();
  const undone = new Map(
    events.flatMap(({ undoes, createdAt }) => (undoes === null ? [] : [[undoes, createdAt] as const])),
  );
  const [file, orders] = [knownImporter(), ordersOn(item, order)];
  return events
    .filter(({ kind }) => kind === "vote")
    .reverse()
    .map((vote: Judgement) => ({
      seq: vote.seq,
      who: nameOf(vote.annotatorId),
      at: vote.createdAt,
      choice: choiceOf(votesWith(vote, item), order),
      shownLeft: isSingle(item) || (vote.shownLeft === "first") === order.indexOf(0) < order.indexOf(1),
      seconds: vote.activeMs / 1000,
      flag: vote.reason,
      reasons: reasonsOf(vote),
      rewrite: vote.rewrite,
      aspects: Object.entries(vote.aspects ? swapped(vote.aspects, order) : {}).map(([name, ratings]) => ({
        name,
        ratings,
      })),
      mirror: vote.mirror,
      guidelines: vote.guidelines || null,
      extra: vote.extra,
      given: vote.annotatorId === file,
      judge: orders.has(vote.seq) ? { orders: orders.get(vote.seq)!, counts } : null,
      undoneAt: undone.get(vote.seq) ?? null,
    }));
}

/** By judge's vote what it said with the first answer shown first, and with the second one. */
function ordersOn(item: Item, order: number[]): Map<number, string[]> {
  const all = appDb()
    .select({ said: judgeVotes })
    .from(judgeVotes)
    .innerJoin(judgements, eq(judgements.seq, judgeVotes.vote))
    .where(eq(judgements.itemId, item.id))
    .all();
  return new Map(
    all.map(({ said: { vote, firstShown, secondShown } }) => [
      vote,
      [firstShown, secondShown].map((verdict) => answerSaid(verdict, order)),
    ]),
  );
}

/** Exclusions of the record, decisions on any pair of it, and returns. */
function eventsOn(pairs: Item[], order: number[], nameOf: (annotator: number) => string) {
  const ids = pairs.map(({ id }) => id);
  const excluded = appDb()
    .select()
    .from(exclusions)
    .where(eq(exclusions.itemId, ids[0]!))
    .orderBy(asc(exclusions.seq))
    .all();
  const decided = appDb().select().from(rulings).where(inArray(rulings.itemId, ids)).orderBy(asc(rulings.seq)).all();
  const returned = appDb()
    .select()
    .from(returns)
    .where(and(eq(returns.itemId, ids[0]!)))
    .orderBy(asc(returns.seq))
    .all();
  return {
    exclusions: excluded.map(({ annotatorId, createdAt, excluded, reason }) => ({
      ...{ who: nameOf(annotatorId), at: createdAt, excluded, reason },
    })),
    decisions: decided.map(({ reviewerId, createdAt, verdict, wrongStep }) => ({
      ...{
        who: nameOf(reviewerId),
        at: createdAt,
        says: wrongStep === null ? answerSaid(verdict, order) : `step ${wrongStep} is wrong`,
      },
    })),
    returns: returned.map(({ reviewerId, annotatorId, createdAt, note }) => ({
      ...{ who: nameOf(reviewerId), at: createdAt, to: nameOf(annotatorId), note },
    })),
  };
}
