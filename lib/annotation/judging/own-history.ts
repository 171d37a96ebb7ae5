// An annotator's earlier votes, to be reviewed and changed. The models are named, now that the votes have been given.

import { scoresOf } from "../items/item-scores";
import { nameOfWriter } from "../items/writer-names";
import { votesBefore } from "./judge";
import type { PastVoteDto } from "./judging-schema";
import { answersOf, eachOf, judgedWith } from "./rankings";
import { asTask, orderFor } from "./tasks";
import { voteDtoOf } from "./vote-content";

export function history(annotatorId: number, queueId: number, before: number, limit: number): PastVoteDto[] {
  const nameOf = nameOfWriter();
  return votesBefore(annotatorId, queueId, before, limit).map(({ vote, item }) => {
    const pairs = judgedWith(item);
    const order = orderFor(annotatorId, item, answersOf(pairs).length, false);
    const inOrder = <T>(sides: ([T, T] | null)[]) =>
      sides.includes(null) ? null : order.map((at) => eachOf(sides as [T, T][])[at]!);
    return {
      seq: vote.seq,
      task: { ...asTask(item, annotatorId), key: `${item.id}/past`, revises: true },
      ...voteDtoOf(vote, item),
      createdAt: vote.createdAt,
      writers: inOrder(pairs.map(({ writers }) => writers && [nameOf(writers[0]), nameOf(writers[1])])),
      scores: inOrder(pairs.map(scoresOf)),
    };
  });
}
