// Rows whose answers differ in one known respect, made from the film-review grammar: what a method does with them shows what it rewards.
import { createRandom } from "../../common/random";
import { adjectives, goldReward, prompts, writeReview } from "../../trainers/rewards/gold/reviews";

const message = (role: string, content: string) => [{ role, content }];
const user = (prompt: string) => message("user", prompt);
const assistant = (review: string) => message("assistant", review);

interface Pair {
  prompt: string;
  chosen: string;
  rejected: string;
}

const toRow = ({ prompt, chosen, rejected }: Pair) =>
  JSON.stringify({ prompt: user(prompt), chosen: assistant(chosen), rejected: assistant(rejected) });

/** Two rows of each prompt of the task, as far as `make` finds them in so many tries. */
function pairs(name: string, make: (prompt: string, random: () => number) => Omit<Pair, "prompt"> | null): Pair[] {
  const random = createRandom("study", name);
  return prompts().flatMap((prompt) => {
    const found: Pair[] = [];
    for (let attempt = 0; attempt < 200 && found.length < 2; attempt++) {
      const made = make(prompt, random);
      if (made) found.push({ prompt, ...made });
    }
    return found;
  });
}

/** The same review twice, but for one word of praise that is one of blame in the rejected answer. */
export const nearDuplicates = (): string[] =>
  pairs("near duplicates", (prompt, random) => {
    const chosen = writeReview(prompt, random);
    const praise = adjectives.good.find((word) => chosen.includes(` ${word} `) || chosen.includes(` ${word}.`));
    if (!praise) return null;
    return { chosen, rejected: chosen.replace(praise, adjectives.bad[adjectives.good.indexOf(praise)]!) };
  }).map(toRow);

const words = (text: string) => text.split(" ").length;

/** The better review is the longer one in three of four pairs: length goes with quality, and is not it. */
export const oftenLonger = (): string[] =>
  pairs("often longer", (prompt, random) => {
    const [a, b] = [writeReview(prompt, random), writeReview(prompt, random)];
    const [chosen, rejected] = goldReward(a) > goldReward(b) ? [a, b] : [b, a];
    const longer = random() < 0.75 ? words(chosen) > words(rejected) : words(chosen) < words(rejected);
    return goldReward(chosen) > goldReward(rejected) && longer ? { chosen, rejected } : null;
  }).map(toRow);

/** Labelled answers, of which a share `good` praises: oracle reward of 1 or more against −1 or less. */
export function labelled(good: number): string[] {
  const random = createRandom("study", "labelled", good);
  return prompts().flatMap((prompt) =>
    [0, 1].map(() => {
      const wanted = random() < good;
      for (;;) {
        const review = writeReview(prompt, random);
        const fits = wanted ? goldReward(review) >= 1 : goldReward(review) <= -1;
        if (fits) return JSON.stringify({ prompt: user(prompt), completion: assistant(review), label: wanted });
      }
    }),
  );
}
