// An answer that is good or bad by itself is stored as a pair without a second answer, so that votes, agreement and exports are those of pairs:
// the verdict "first" says that it is good, "second" that it is bad. Safe in a browser.
import type { Item } from "../../db/tables/items";

/** In place of the second answer; no answer of a pair is empty. */
export const noSecond = "";

export const isSingle = ({ second }: Pick<Item, "second">): boolean => second === noSecond;

/** What a verdict says of a single answer; null where it says neither. */
export const goodOrBad = (verdict: string | null): "good" | "bad" | null =>
  verdict === "first" ? "good" : verdict === "second" ? "bad" : null;
