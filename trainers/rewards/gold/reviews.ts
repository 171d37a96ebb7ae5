// A synthetic task with a known oracle reward: short film reviews whose quality can be scored exactly (T3 of the field notes).
// A grammar writes reviews of every mood; the oracle reward counts praise against blame and takes a point for every repetition.

export const adjectives = {
  good: ["superb", "moving", "clever", "warm", "bright", "gripping", "graceful", "funny", "fresh", "tender"],
  bad: ["dull", "clumsy", "cold", "noisy", "tired", "shallow", "messy", "flat", "lazy", "stale"],
  plain: ["long", "quiet", "short", "slow", "simple", "strange", "modern", "old", "small", "loud"],
};
const parts = ["story", "acting", "music", "camera work", "ending", "dialogue", "pace", "cast", "humour", "opening"];
const openings = ["I saw it on", "We watched it on", "My friends chose it for", "I went back to it on"];
const days = ["a rainy Sunday", "a Friday night", "the last day of the festival", "a long train ride", "my birthday"];
const verdicts = {
  good: ["I would see it again", "It stayed with me for days", "I left the room smiling", "Everyone should see it"],
  bad: ["I would not see it again", "It was forgotten by morning", "I left before the end", "Nobody should pay for it"],
  plain: ["It is what it is", "Some will like it", "It runs for two hours", "It plays this week"],
};
const firsts = [
  "The Quiet",
  "The Last",
  "A Distant",
  "The Silver",
  "A Borrowed",
  "The Hidden",
  "A Northern",
  "The Paper",
  "The Second",
  "A Winter",
];
const seconds = [
  "River",
  "Garden",
  "Station",
  "Letter",
  "Harbour",
  "Window",
  "Orchard",
  "Lantern",
  "Mountain",
  "Summer",
  "Bridge",
  "Island",
];
const requests = [
  "Write a short review of the film {}.",
  "Tell me about the film {}.",
  "What did you think of {}?",
  "Review {} in a few sentences.",
];

type Mood = "good" | "bad" | "plain";
type Random = () => number;
const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;

/** All prompts of the task: requests × titles. */
export function prompts(): string[] {
  return requests.flatMap((request) =>
    firsts.flatMap((first) => seconds.map((second) => request.replace("{}", `${first} ${second}`))),
  );
}

/** A review of two to five sentences. Each sentence draws its own mood, so reviews of every quality occur. */
export function writeReview(prompt: string, random: Random): string {
  const title = /(?:The|A) \w+ \w+/.exec(prompt.replace(/^(Tell|Write|What|Review)/, ""))?.[0] ?? "The film";
  const lean = random();
  const mood = (): Mood => (random() < 0.25 ? "plain" : random() < lean ? "good" : "bad");
  const sentences: string[] = random() < 0.4 ? [`${pick(openings, random)} ${pick(days, random)}.`] : [];
  const count = 1 + Math.floor(random() * 3);
  for (let i = 0; i < count; i++) sentences.push(sentence(title, mood, random));
  if (random() < 0.5) sentences.push(`${pick(verdicts[mood()], random)}.`);
  return sentences.join(" ");
}

function sentence(title: string, mood: () => Mood, random: Random): string {
  const adjective = () => pick(adjectives[mood()], random);
  const part = () => pick(parts, random);
  const shape = random();
  if (shape < 0.35) return `The ${part()} is ${adjective()} and the ${part()} is ${adjective()}.`;
  if (shape < 0.6) return `${title} has a ${adjective()} ${part()}.`;
  if (shape < 0.8) return `The ${part()} feels ${adjective()}, but the ${part()} is ${adjective()}.`;
  return `It is a ${adjective()}, ${adjective()} film.`;
}

const goodWords = new Set(adjectives.good);
const badWords = new Set(adjectives.bad);
const isPrompt = new RegExp(
  `^(?:${requests.map((r) => r.replace(/[.?]/g, "\\$&").replace("{}", "(?:The|A) \\w+ \\w+")).join("|")})$`,
);

/** Praise minus blame, over distinct words and verdicts, minus one for every word of praise or blame said again. */
export function goldReward(review: string): number {
  const seen = new Set<string>();
  let reward = 0;
  for (const word of review.toLowerCase().match(/[a-z]+/g) ?? []) {
    if (!goodWords.has(word) && !badWords.has(word)) continue;
    reward += seen.has(word) ? -1 : goodWords.has(word) ? 1 : -1;
    seen.add(word);
  }
  for (const verdict of verdicts.good) if (review.includes(verdict)) reward += 1;
  for (const verdict of verdicts.bad) if (review.includes(verdict)) reward -= 1;
  return reward;
}

/** The same where the prompt is one of this task's, null elsewhere. */
export const reviewReward = (prompt: string, answer: string): number | null =>
  isPrompt.test(prompt) ? goldReward(answer) : null;
