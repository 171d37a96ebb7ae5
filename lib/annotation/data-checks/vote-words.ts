// What annotators wrote beside their votes on a record, reasons and rewrites: masked with the record's own texts, and kept as it was.
import { and, eq, inArray, isNotNull, or } from "drizzle-orm";
import { masked } from "../../../common/text-checks/private-data";
import { appDb } from "../../db/client";
import { type Judgement, judgements } from "../../db/tables/judgements";
import { earlierWords } from "../../db/tables/record-changes";

type Words = Pick<Judgement, "rationale" | "rewrite">;
export interface VoteWords extends Words {
  seq: number;
  itemId: number;
}

const { seq, itemId, rationale, rewrite } = judgements;

/** Of every vote on these pairs that has some, those that were taken back as well. */
export const wordsOn = (itemIds: number[]): VoteWords[] =>
  appDb()
    .select({ seq, itemId, rationale, rewrite })
    .from(judgements)
    .where(and(inArray(judgements.itemId, itemIds), or(isNotNull(rationale), isNotNull(rewrite))))
    .orderBy(seq)
    .all();

/** Those in which something is private, with that masked. */
export const maskedWords = (votes: VoteWords[]): VoteWords[] =>
  votes.flatMap((vote) => {
    const [rationale, rewrite] = [vote.rationale && masked(vote.rationale), vote.rewrite && masked(vote.rewrite)];
    return rationale === vote.rationale && rewrite === vote.rewrite ? [] : [{ ...vote, rationale, rewrite }];
  });

/** Within a transaction: a vote's words from now on; what they were is kept under the version. */
export function writeWords({ seq: vote, ...words }: Words & { seq: number }, number: number): void {
  const before = appDb().select({ rationale, rewrite }).from(judgements).where(eq(seq, vote)).get()!;
  appDb()
    .insert(earlierWords)
    .values({ vote, number, ...before })
    .run();
  appDb().update(judgements).set({ rationale: words.rationale, rewrite: words.rewrite }).where(eq(seq, vote)).run();
}
