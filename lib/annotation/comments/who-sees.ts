// Who sees which comments on a record. On the annotation screen, whatever one's role: one's own before the vote, everybody's after it, none where
// the record is asked a second time. Among the records of a dataset: everybody's, for who may read them.
import { ownVoteOn } from "../judging/judge";
import { assignmentOf } from "../judging/served";

export type Seen = "none" | "own" | "all";

export function seenBeside(annotatorId: number, itemId: number): Seen {
  if (!ownVoteOn(annotatorId, itemId)) return "own";
  const isAskedAgain = assignmentOf(annotatorId, itemId)?.mirrored && !ownVoteOn(annotatorId, itemId, true);
  return isAskedAgain ? "none" : "all"; // what one wrote would tell how one voted
}
