// What the tally of judgements holds (tally.ts).
import { groupBy } from "../../../common/group-by";
import { sum } from "../../../spec/statistics";
import type { Verdict } from "../../db/tables/judgements";
import type { Standing } from "./rulings";

export interface Pair {
  id: number;
  queue: QueueTally;
  position: number;
  /** Of the pairs of a ranking only the one at place 0 is a task. */
  place: number;
  inRanking: boolean;
  gold: boolean;
  excluded: boolean;
  /** When somebody last voted on it or took a vote back; 0 before any. */
  votedAt: number;
  /** Active votes of people, extras included, mirrored repeats excluded. */
  standing: Vote[];
  /** Those of them that count and compare the answers, by verdict. */
  votes: { first: number; second: number; tie: number; both_bad: number };
  opinions: number;
  /** Sum of signed strengths: above 0 the first answer leads. */
  balance: number;
  /** The same of the label that came with its file, which stands until a person has an opinion; 0 where none came. */
  given: number;
  /** The same of judges' votes, which stands after both and where the dataset says so. */
  judges: number;
  rewrites: number;
  ruling: Standing | null;
  /** Number of the newest ruling; 0 before any. */
  ruledAt: number;
  /** By a reward model. */
  scores: [number, number] | null;
}

export interface Vote {
  seq: number;
  pair: Pair;
  person: Person;
  verdict: Verdict;
  strength: number;
  wrongStep: number | null;
  mirror: boolean;
  /** Stored, but counted only among what its annotator has judged. */
  extra: boolean;
  rewrite: boolean;
  /** How long its annotator looked at the pair. */
  activeMs: number;
  /** When it was given. */
  at: number;
}

/** One annotator's active votes in a queue. */
export interface Person {
  id: number;
  /** By their number, in the order in which they were given. */
  votes: Map<number, Vote>;
  /** One per task, in the same order: an array, so that the newest are found without a look at the others. */
  given: Vote[];
  /** All votes (one per ranking, gold and mirrored included); the mirrored ones; those on tasks, skips included. */
  counts: { votes: number; mirrors: number; judged: number; skipped: number };
  /** Preferences on pairs that a reward model has scored, and how many of them it shares. */
  model: { agreed: number; of: number };
  /** How many of the queue's first tasks are judged or excluded, and can be skipped when searching. */
  past: number;
  /** How often each pair was judged, by id; mirrored repeats are counted separately. */
  judged: Map<number, number>;
  mirrored: Map<number, number>;
}

export interface QueueTally {
  /** Whether judges' votes label records on which nobody else has an opinion. */
  judgesCount: boolean;
  /** Changes with every change of the counted votes: a vote, an undo, an exclusion or inclusion. */
  version: number;
  /** Changes with every change of any of its pairs, decisions, scores and new pairs included. */
  changes: number;
  /** Active votes of people, and of judges. */
  votes: number;
  judged: number;
  /** How many of the first tasks have so many opinions or are excluded, and can be skipped when searching. */
  complete: { overlap: number | null; tasks: number };
  /** Pairs to be judged, gold ones apart, both in their order. */
  tasks: Pair[];
  gold: Pair[];
  /** Those of all queues, by their id. */
  pairs: Map<number, Pair>;
  people: Map<number, Person>;
  /** Tasks that are not excluded, by the number of opinions on them. */
  byOpinions: number[];
  /** Pairs on which a ruling or the balance of the votes prefers an answer. */
  decided: number;
  /** Pairs whose answers all people found equally good, or equally bad. */
  equal: number;
  rewrites: number;
  disputes: { all: number; open: number };
  goldPairs: number;
  scored: number;
  /** When somebody last voted here or took a vote back; 0 before any. */
  votedAt: number;
}

export interface Tally {
  queues: Map<number, QueueTally>;
  pairs: Map<number, Pair>;
  /** Standing votes by their number. */
  votes: Map<number, Vote>;
  /** Those of judges, by their number: what each adds to its pair. */
  judged: Map<number, { pair: Pair; signed: number }>;
  /** Of the database when it was last read (../../db/state.ts); empty before. */
  state: string;
  /** The newest row of each table that was read. */
  seen: { items: number; judgements: number; exclusions: number; rulings: number; scores: number };
}

export const personIn = ({ people }: QueueTally, annotatorId: number): Person =>
  entry(people, annotatorId, () => ({
    id: annotatorId,
    votes: new Map(),
    given: [],
    counts: { votes: 0, mirrors: 0, judged: 0, skipped: 0 },
    model: { agreed: 0, of: 0 },
    past: 0,
    judged: new Map(),
    mirrored: new Map(),
  }));

/** Tasks that have fewer than `overlap` opinions; all of them, where no number is named. */
export const openPairs = ({ byOpinions }: QueueTally, overlap = byOpinions.length): number =>
  byOpinions.slice(0, overlap).reduce((sum, count) => sum + count, 0);

/** What counts as a task: not a further pair of a ranking, not a gold pair, not an excluded one. */
export const isWork = ({ place, gold, excluded }: Pair): boolean => place === 0 && !gold && !excluded;

/** Whether at least two opinions differ. */
export const isDisputed = (pair: Pair): boolean =>
  pair.opinions > 1 && opinionCounts(pair).filter((count) => count > 0).length > 1;

/** How many people say what this vote says. */
export const sayingSame = ({ pair, verdict, wrongStep }: Vote): number =>
  wrongStep === null
    ? pair.votes[verdict as keyof Pair["votes"]]
    : pair.standing.filter((other) => !other.extra && other.wrongStep === wrongStep).length;

/** How many hold each opinion on a pair; on a solution each step is one. */
export function opinionCounts({ votes, standing }: Pair): number[] {
  const steps = standing.filter(({ extra, wrongStep }) => !extra && wrongStep !== null);
  if (steps.length === 0) return Object.values(votes);
  return [...groupBy(steps, ({ wrongStep }) => wrongStep).values()].map(({ length }) => length);
}

/** How many people prefer the other answer, or name another step, than most do; ties take no side. */
export function against(pair: Pair): number {
  const { first, second, tie, both_bad } = pair.votes;
  const sides = tie + both_bad > 0 ? [first, second] : opinionCounts(pair);
  return sum(sides) - Math.max(...sides);
}

/** Whether all opinions are ties, or all that both answers are bad. Within a ranking a tie does not say how good the answers are. */
export const isEqual = ({ opinions, votes, inRanking, ruling }: Pair): boolean =>
  opinions > 0 && !inRanking && ruling === null && (votes.tie === opinions || votes.both_bad === opinions);

/** The first `limit` of a list that fit. */
export function someOf<T>(list: T[], limit: number, fits: (one: T) => boolean): T[] {
  const found: T[] = [];
  for (const one of list) {
    if (found.length >= limit) break;
    if (fits(one)) found.push(one);
  }
  return found;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

export const queueIn = ({ queues, pairs }: Tally, id: number): QueueTally =>
  entry(queues, id, () => ({
    judgesCount: false,
    version: 0,
    changes: 0,
    votes: 0,
    judged: 0,
    complete: { overlap: null, tasks: 0 },
    tasks: [],
    gold: [],
    pairs,
    people: new Map(),
    byOpinions: [],
    decided: 0,
    equal: 0,
    rewrites: 0,
    disputes: { all: 0, open: 0 },
    goldPairs: 0,
    scored: 0,
    votedAt: 0,
  }));
