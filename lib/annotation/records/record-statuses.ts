// What can be said of a record's state; several may hold at once.
import { sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { goodOrBad } from "../items/single-answers";
import { isDecided, leaning } from "../judging/tally-fold";
import { isDisputed, type Vote } from "../judging/tally-state";
import type { RecordFacts } from "./record-facts";
import { type RecordStatus, recordStatuses, type VoteSaid } from "./records-schema";

/** What the state depends on beside the record itself. */
export interface Circumstances {
  /** Opinions that a record needs. */
  overlap: number;
  /** Records that were returned to somebody who has not voted on them since. */
  returned: Set<number>;
  /** Records with open comments. */
  discussed: Set<number>;
  reveal: boolean;
  /** Whether its records are single answers. */
  single: boolean;
}

/** One bit for each of `recordStatuses`: a hundred thousand records are looked at in one go. */
export type StatusBits = number;

export const bit = Object.fromEntries(recordStatuses.map((status, i) => [status, 1 << i])) as Record<
  RecordStatus,
  StatusBits
>;

export const bitsOf = (statuses: readonly RecordStatus[]): StatusBits =>
  statuses.reduce((bits, status) => bits | bit[status], 0);

export const statusesIn = (bits: StatusBits): RecordStatus[] => recordStatuses.filter((status) => bits & bit[status]);

/** All but whether it was returned or is discussed, which does not change with the record. */
export function ownStatusBits(
  { pair, pairs }: RecordFacts,
  { overlap, reveal }: Pick<Circumstances, "overlap" | "reveal">,
): StatusBits {
  const { excluded, gold, opinions, standing } = pair;
  const isTest = gold && reveal;
  let bits = !excluded && !isTest && opinions < overlap ? bit.open : 0;
  if (excluded) bits |= bit.excluded;
  if (isTest) bits |= bit.gold;
  for (const one of pairs) {
    if (one.ruling !== null) bits |= bit.resolved;
    if (one.standing.length === 0 && leaning(one) === 0) continue;
    if (isDecided(one)) bits |= bit.labelled;
    if (one.ruling === null && isDisputed(one)) bits |= bit.disputed;
  }
  if (standing.length === 0) return bits;
  if (opinions > 0 && !(bits & bit.labelled)) bits |= bit.tie;
  if (pair.rewrites > 0) bits |= bit.rewritten;
  for (const { verdict } of standing) {
    if (verdict === "skip") bits |= bit.skipped;
    if (verdict === "flag") bits |= bit.flagged;
  }
  return bits;
}

/** The rest. */
export const otherStatusBits = (id: number, { returned, discussed }: Circumstances): StatusBits =>
  (returned.has(id) ? bit.returned : 0) | (discussed.has(id) ? bit.discussed : 0);

export const statusesOf = (record: RecordFacts, circumstances: Circumstances): RecordStatus[] =>
  statusesIn(ownStatusBits(record, circumstances) | otherStatusBits(record.pair.id, circumstances));

/** Records that wait for an annotator to look again. */
export const returnedIn = (queueId: number): Set<number> =>
  new Set(
    appDb()
      .all<{ id: number }>(sql`SELECT returns.item_id AS id FROM returns JOIN items ON items.id = returns.item_id
        WHERE items.queue_id = ${queueId} AND NOT EXISTS (SELECT 1 FROM judgements j WHERE j.item_id = items.id
          AND j.annotator_id = returns.annotator_id AND j.kind = 'vote' AND NOT j.mirror AND j.seq > returns.after)`)
      .map(({ id }) => id),
  );

/** Records with a comment that nobody has resolved. */
export const discussedIn = (queueId: number): Set<number> =>
  new Set(
    appDb()
      .all<{ id: number }>(sql`SELECT items.id FROM comments JOIN items ON items.id = comments.item_id
        WHERE items.queue_id = ${queueId} AND comments.resolved_by IS NULL`)
      .map(({ id }) => id),
  );

const strengths: VoteSaid[] = ["barely", "slightly", "clearly", "much"];

export function saidBy({ verdict, strength }: Vote, single: boolean): VoteSaid {
  if (verdict !== "first" && verdict !== "second") return verdict;
  return single ? goodOrBad(verdict)! : strengths[strength - 1]!;
}
