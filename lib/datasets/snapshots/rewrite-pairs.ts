// What annotators wrote themselves, preferred to the answers that it was to replace.
import { eq } from "drizzle-orm";
import type { Message } from "../../../spec/chat";
import { answersOf, judgedWith } from "../../annotation/judging/rankings";
import { rewritesOf } from "../../annotation/judging/standing-votes";
import { tallyOf } from "../../annotation/judging/tally";
import { appDb } from "../../db/client";
import type { Item } from "../../db/tables/items";
import type { Judgement } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { type Beside, besideVotes, ratingsOf } from "./criteria";
import type { RankedRow } from "./export-formats";

/** Whether the dataset says that its rewrites are pairs too. */
export const rewritesArePairs = (queueId: number): boolean =>
  appDb().select().from(queues).where(eq(queues.id, queueId)).get()!.rewritePairs;

export interface Rewritten {
  item: Item;
  text: string;
  /** The answers of the record that say something else. */
  answers: string[];
  /** Of whoever wrote it first. */
  vote: Judgement;
}

/** Every text that somebody wrote, once to a record. */
export function* eachRewritten(queueId: number): Generator<Rewritten> {
  const met = new Set<string>();
  for (const { item, rewrite: text, vote } of rewritesOf(queueId)) {
    const key = `${item.id} ${text}`;
    const answers = answersOf(judgedWith(item));
    if (met.has(key) || answers.includes(text)) continue; // who writes what stands there has written nothing
    met.add(key);
    yield { item, text, answers, vote };
  }
}

export function* rewritePairs({ item, text, answers, vote }: Rewritten, beside: Beside): Generator<RankedRow> {
  const turn = (content: string): [Message] => [{ role: "assistant", content }];
  for (const [i, answer] of answers.entries())
    yield {
      prompt: item.prompt,
      chosen: turn(text),
      rejected: turn(answer),
      strength: 1,
      n_raters: 1,
      p_chosen: 1,
      ...besideVotes([vote], beside),
      ...ratingsOf([vote], beside, { chosen: null, rejected: i < 2 ? i : null }),
      labelled_by: "rewrite",
    };
}

/** What rewrites add to a dataset's pairs: nothing where it does not say so. */
export function rewritten(queueId: number): { pairs: number; texts: number; positions: Set<number> } {
  const count = { pairs: 0, texts: 0, positions: new Set<number>() };
  if (tallyOf(queueId).rewrites === 0 || !rewritesArePairs(queueId)) return count;
  for (const { item, answers } of eachRewritten(queueId)) {
    count.pairs += answers.length;
    count.texts++;
    count.positions.add(item.position);
  }
  return count;
}
