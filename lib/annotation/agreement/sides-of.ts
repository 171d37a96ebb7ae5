import type { Verdict } from "../../db/tables/judgements";
import type { Vote } from "./reliability";

/** Votes that take a side, as the reliability model reads them. */
export const sidesOf = (votes: { itemId: number; annotatorId: number; verdict: Verdict }[]): Vote[] =>
  votes
    .filter(({ verdict }) => verdict === "first" || verdict === "second")
    .map(({ itemId, annotatorId, verdict }) => ({ item: itemId, annotator: annotatorId, first: verdict === "first" }));
