// How one row of a table changes the tally (tally.ts): a new pair, a vote or its undo, an exclusion, a ruling, a score.
import type { Verdict } from "../../db/tables/judgements";
import {
  isDisputed,
  isEqual,
  isWork,
  type Pair,
  personIn,
  type QueueTally,
  queueIn,
  type Tally,
  type Vote,
} from "./tally-state";

export interface ItemRow {
  id: number;
  queueId: number;
  position: number;
  place: number;
  inRanking: number;
  gold: number;
}

export function addPair(tally: Tally, { id, queueId, position, place, inRanking, gold }: ItemRow): void {
  const queue = queueIn(tally, queueId);
  const pair: Pair = {
    id,
    queue,
    position,
    place,
    inRanking: inRanking === 1,
    gold: gold === 1,
    excluded: false,
    votedAt: 0,
    standing: [],
    votes: { first: 0, second: 0, tie: 0, both_bad: 0 },
    opinions: 0,
    balance: 0,
    given: 0,
    judges: 0,
    rewrites: 0,
    ruling: null,
    ruledAt: 0,
    scores: null,
  };
  tally.pairs.set(id, pair);
  queue.changes++;
  count(pair, 1);
  if (place !== 0) return;
  const list = pair.gold ? queue.gold : queue.tasks;
  const before = list.at(-1)?.position ?? Number.NEGATIVE_INFINITY;
  list.push(pair);
  if (position >= before) return;
  list.sort((a, b) => a.position - b.position);
  lookAnew(queue);
}

export interface JudgementRow {
  seq: number;
  itemId: number;
  annotatorId: number;
  undoes: number | null;
  verdict: Verdict;
  strength: number;
  wrongStep: number | null;
  given: number;
  judge: number;
  mirror: number;
  extra: number;
  rewrite: number;
  activeMs: number;
  createdAt: number;
}

export function addJudgement(tally: Tally, row: JudgementRow): void {
  if (row.undoes !== null) {
    if (tally.judged.has(row.undoes)) addJudge(tally, row.undoes, -1);
    const undone = tally.votes.get(row.undoes);
    tally.votes.delete(row.undoes);
    undone?.person.votes.delete(row.undoes);
    if (undone) weigh(undone, -1);
    if (undone) noteTime(undone.pair, row.createdAt);
    return;
  }
  const pair = tally.pairs.get(row.itemId)!;
  if (row.given === 1) {
    addGiven(pair, row);
    return;
  }
  if (row.judge === 1) {
    tally.judged.set(row.seq, { pair, signed: signedStrength(row) });
    addJudge(tally, row.seq, 1);
    return;
  }
  const person = personIn(pair.queue, row.annotatorId);
  const { verdict, strength, wrongStep, activeMs, createdAt: at } = row;
  const [mirror, extra, rewrite] = [row.mirror === 1, row.extra === 1, row.rewrite === 1];
  const vote: Vote = {
    ...{ seq: row.seq, pair, person, verdict, strength, wrongStep, mirror, extra, rewrite, activeMs, at },
  };
  tally.votes.set(row.seq, vote);
  person.votes.set(row.seq, vote);
  weigh(vote, 1);
  noteTime(pair, row.createdAt);
}

/** Labels of files are numbers here and no votes: a file may bring a million, and nobody can take one back. */
function addGiven(pair: Pair, row: JudgementRow): void {
  pair.queue.version++;
  change(pair, () => (pair.given += signedStrength(row)));
}

/** Numbers as well, since they stand apart from people's votes. */
function addJudge(tally: Tally, seq: number, sign: 1 | -1): void {
  const { pair, signed } = tally.judged.get(seq)!;
  if (sign === -1) tally.judged.delete(seq);
  pair.queue.version++;
  pair.queue.judged += sign;
  change(pair, () => (pair.judges += sign * signed));
}

/** Where the dataset's setting has changed. */
export function countJudges(tally: Tally, queue: QueueTally, counts: boolean): void {
  if (queue.judgesCount === counts) return;
  const pairs = new Set([...tally.judged.values()].flatMap(({ pair }) => (pair.queue === queue ? [pair] : [])));
  for (const pair of pairs) count(pair, -1);
  queue.judgesCount = counts;
  for (const pair of pairs) count(pair, 1);
  queue.version++;
  queue.changes++;
}

function noteTime(pair: Pair, at: number): void {
  pair.votedAt = Math.max(pair.votedAt, at);
  pair.queue.votedAt = Math.max(pair.queue.votedAt, at);
  pair.queue.changes++;
}

/** Whether a vote compares the answers. */
const isOpinion = ({ verdict }: Vote): boolean => verdict !== "skip" && verdict !== "flag";

/** Adds or removes a vote. A mirrored repeat measures the annotator and does not count for the pair. */
function weigh(vote: Vote, sign: 1 | -1): void {
  const { pair, person, verdict, mirror, extra, rewrite } = vote;
  const times = mirror ? person.mirrored : person.judged;
  const now = (times.get(pair.id) ?? 0) + sign;
  if (sign === -1) {
    person.past = 0;
    pair.queue.complete.tasks = 0;
  }
  pair.queue.votes += sign;
  pair.queue.version++;
  if (now === 0) times.delete(pair.id);
  else times.set(pair.id, now);
  if (pair.place === 0) person.counts.votes += sign;
  if (pair.place === 0 && sign === 1) person.given.push(vote);
  if (pair.place === 0 && sign === -1) person.given.splice(person.given.lastIndexOf(vote), 1);
  if (pair.place === 0 && mirror) person.counts.mirrors += sign;
  if (mirror) return;
  change(pair, () => {
    if (sign === 1) pair.standing.push(vote);
    else pair.standing.splice(pair.standing.indexOf(vote), 1);
    if (extra) return;
    if (rewrite) pair.rewrites += sign;
    if (!isOpinion(vote)) return;
    pair.opinions += sign;
    pair.votes[verdict as keyof Pair["votes"]] += sign;
    pair.balance += sign * signedStrength(vote);
  });
}

const signedStrength = ({ verdict, strength }: Pick<Vote, "verdict" | "strength">): number =>
  verdict === "first" ? strength : verdict === "second" ? -strength : 0;

/** Excludes or includes a pair. */
export function exclude(pair: Pair, excluded: boolean): void {
  pair.queue.version++;
  change(pair, () => (pair.excluded = excluded));
  lookAnew(pair.queue);
}

function lookAnew({ people, complete }: QueueTally): void {
  for (const person of people.values()) person.past = 0;
  complete.tasks = 0;
}

/** Changes a pair and the totals of its queue. */
export function change(pair: Pair, how: (pair: Pair) => void): void {
  count(pair, -1);
  how(pair);
  count(pair, 1);
  pair.queue.changes++;
}

function count(pair: Pair, sign: 1 | -1): void {
  const { queue, gold, excluded, ruling } = pair;
  if (gold) queue.goldPairs += sign;
  if (pair.scores) {
    queue.scored += sign;
    countShared(pair.standing, pair.scores, sign);
  }
  if (isWork(pair)) countWork(pair, sign);
  if (gold || excluded) return;
  queue.rewrites += sign * pair.rewrites;
  if (isDecided(pair)) queue.decided += sign;
  if (isEqual(pair)) queue.equal += sign;
  if (!isDisputed(pair)) return;
  queue.disputes.all += sign;
  if (ruling === null) queue.disputes.open += sign;
}

/** Whether the annotators' preference agrees with the reward model's. */
function countShared(standing: Vote[], [first, second]: [number, number], sign: 1 | -1): void {
  if (first === second) return;
  for (const { person, verdict, extra } of standing) {
    if (extra || (verdict !== "first" && verdict !== "second")) continue;
    person.model.of += sign;
    if ((verdict === "first") === first > second) person.model.agreed += sign;
  }
}

function countWork({ queue, opinions, standing }: Pair, sign: 1 | -1): void {
  queue.byOpinions[opinions] = (queue.byOpinions[opinions] ?? 0) + sign;
  for (const { person, verdict } of standing) {
    person.counts.judged += sign;
    if (verdict === "skip") person.counts.skipped += sign;
  }
}

/** Above 0 the first answer leads: by what people said, where nobody has by the label that came with the file, and then by judges, where they count. */
export const leaning = ({ opinions, balance, given, judges, queue }: Pair): number => {
  if (opinions > 0) return balance;
  return given !== 0 || !queue.judgesCount ? given : judges;
};

/** A ruling for one answer needs at least one vote or label that compares them. */
export const isDecided = (pair: Pair): boolean => {
  const { ruling, opinions } = pair;
  return ruling === null ? leaning(pair) !== 0 : ruling !== "neither" && (opinions > 0 || leaning(pair) !== 0);
};
