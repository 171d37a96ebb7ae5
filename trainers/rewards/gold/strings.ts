// Words written in another way, letter by letter: how near an answer comes can be told exactly.
import { diffChars } from "diff";

export const words = [
  ...["garden", "river", "window", "orange", "pencil", "silver", "bridge", "summer", "castle", "planet"],
  ...["button", "forest", "guitar", "island", "jacket", "kettle", "lemon", "mirror", "needle", "ocean"],
  ...["pepper", "quilt", "rabbit", "saddle", "tunnel", "velvet", "walnut", "yellow", "zebra", "anchor"],
];

const changes: Record<string, (word: string) => string> = {
  backwards: (word) => [...word].reverse().join(""),
  "in capital letters": (word) => word.toUpperCase(),
  "without its vowels": (word) => word.replace(/[aeiou]/g, ""),
  "with each letter twice": (word) => word.replace(/./g, "$&$&"),
  "with its first letter at the end": (word) => word.slice(1) + word.slice(0, 1),
};

/** Every word in every way. */
export const stringPrompts = (): string[] =>
  words.flatMap((word) => Object.keys(changes).map((how) => `Write "${word}" ${how}.`));

/** What a prompt asks for; null for one of another task. */
export function stringAnswer(prompt: string): string | null {
  const [, word, how] = /^Write "([a-z]+)" ([a-z ]+)\.$/.exec(prompt) ?? [];
  const change = how !== undefined && Object.hasOwn(changes, how) ? changes[how] : undefined;
  return change ? change(word!) : null;
}

/** Characters of an answer that are compared: more of it only takes away. */
const compared = 200;

/** 2·(letters in common, in their order) / (letters of both): 1 for what is asked, 0 for nothing of it. Null for other prompts. */
export function stringReward(prompt: string, answer: string): number | null {
  const wanted = stringAnswer(prompt);
  if (wanted === null) return null;
  const given = answer.trim().replace(/^"(.*?)"?\.?$/s, "$1");
  const common = diffChars(wanted, given.slice(0, compared))
    .filter(({ added, removed }) => !added && !removed)
    .reduce((sum, { value }) => sum + value.length, 0);
  return (2 * common) / (wanted.length + given.length);
}
