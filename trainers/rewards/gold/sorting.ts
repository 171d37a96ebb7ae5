// Lists to be put in order: an answer is a permutation or not, and the pairs that stand in order can be counted.
import { permutation } from "../../../common/random";
import { words } from "./strings";

const orders: Record<string, (a: string, b: string) => number> = {
  "from small to large": (a, b) => Number(a) - Number(b),
  "from large to small": (a, b) => Number(b) - Number(a),
  "in alphabetical order": (a, b) => (a < b ? -1 : 1),
};

/** Three to seven different numbers or words. */
export function sortingPrompt(random: () => number): string {
  const [how] = permutation(3, random).map((at) => Object.keys(orders)[at]!);
  const all = how === "in alphabetical order" ? words : Array.from({ length: 99 }, (_, i) => String(i + 1));
  const items = permutation(all.length, random).slice(0, 3 + Math.floor(random() * 5));
  return `Sort ${how}: ${items.map((at) => all[at]).join(", ")}.`;
}

interface Sorting {
  order: (a: string, b: string) => number;
  items: string[];
}

function sortingIn(prompt: string): Sorting | null {
  const [, how, list] = /^Sort ([a-z ]+): (\w+(?:, \w+)+)\.$/.exec(prompt) ?? [];
  const order = how !== undefined && Object.hasOwn(orders, how) ? orders[how] : undefined;
  return order ? { order, items: list!.split(", ") } : null;
}

export function sortingAnswer(prompt: string): string | null {
  const asked = sortingIn(prompt);
  return asked?.items.toSorted(asked.order).join(", ") ?? null;
}

/** The share of the pairs that stand in order; where items are missing or others were added, minus how many for each that was asked, at least −1. Null for other prompts. */
export function sortingReward(prompt: string, answer: string): number | null {
  const asked = sortingIn(prompt);
  if (asked === null) return null;
  const { items, order } = asked;
  const given: string[] = answer.toLowerCase().match(/\w+/g) ?? [];
  const missing = items.filter((item) => !given.includes(item)).length;
  const added = given.filter((item, at) => !items.includes(item) || given.indexOf(item) < at).length;
  if (missing + added > 0) return -Math.min(1, (missing + added) / items.length);
  const pairs = given.flatMap((a, at) => given.slice(at + 1).map((b) => order(a, b) < 0));
  return pairs.filter(Boolean).length / pairs.length;
}
