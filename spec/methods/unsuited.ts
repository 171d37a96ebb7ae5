// Methods and data that do not go together, told in the same words by the form, the server and the trainers.
import { kindWords, type LabelKind } from "../label-kinds";
import { allMethods, type Method, methodOf } from "./all";

/** Why a method does not learn from data of this kind, and what would fit; null where it does. `name` is what people call the data. */
export function unsuitedWords(method: Method, name: string, holds: LabelKind): string | null {
  const { reads, label, produces } = methodOf({ method });
  if (reads.includes(holds)) return null;
  const why = holds === "stepwise" && produces === "reward-model" ? "it scores answers whole, not by step, and " : "";
  const wanted = reads.map((kind) => kindWords[kind]);
  const words = kindWords[holds];
  return `${name} holds ${words}, which ${label} does not read: ${why}it learns from ${listed(wanted, "or")}. Methods that read ${words}: ${listed(readersOf(holds), "and")}`;
}

const readersOf = (kind: LabelKind): string[] =>
  allMethods.filter(({ reads }) => reads.includes(kind)).map(({ label }) => label);

const listed = (words: string[], last: string): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
