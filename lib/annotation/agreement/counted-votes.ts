// The votes of a queue that count, from its tally.
import type { QueueTally, Vote as TallyVote } from "../judging/tally-state";
import type { Vote } from "./reliability";

export interface Counted {
  annotator: number;
  vote: TallyVote;
}

/** People's votes, with who gave them; of excluded and gold records, repeats and surplus ones none. */
export const countedVotes = ({ people }: QueueTally): Counted[] =>
  [...people].flatMap(([annotator, { votes }]) =>
    [...votes.values()]
      .filter(({ pair, mirror, extra }) => !mirror && !extra && !pair.gold && !pair.excluded)
      .map((vote) => ({ annotator, vote })),
  );

/** Those that prefer an answer. */
export const sidesTaken = (votes: Counted[]): Vote[] =>
  votes.flatMap(({ annotator, vote: { pair, verdict } }) =>
    verdict === "first" || verdict === "second" ? [{ item: pair.id, annotator, first: verdict === "first" }] : [],
  );
