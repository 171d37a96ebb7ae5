// The form of "Continue from the right steps": text in every field, and as the server takes it.
import { type StepPairsInput, stepPairsInput } from "@/lib/generation/step-pairs-input";
import type { GoldTask } from "@/spec/fields/rewards";

export type By = StepPairsInput["verdict"]["by"];
export type Match = Extract<StepPairsInput["verdict"], { by: "answer" }>["match"];

export interface Texts {
  model: string;
  /** The id of a run on that model; empty is the model as it is. */
  run: string;
  samples: string;
  temperature: string;
  maxNewTokens: string;
  by: By;
  task: GoldTask;
  expression: string;
  /** `labelled:ID`; empty as long as none is chosen. */
  answers: string;
  column: string;
  match: Match;
  /** The id of a run. */
  judge: string;
  judged: StepPairsInput["judged"];
  threshold: string;
  name: string;
}

/** What the oracle of a task gives a solution that is right throughout; a review has no such mark. */
const tasks: Record<GoldTask, { label: string; threshold: string; about: string }> = {
  arithmetic: {
    label: "arithmetic",
    threshold: "2",
    about: "2 for the right answer with each step written and none wrong; less otherwise, down to −1.",
  },
  strings: { label: "strings", threshold: "1", about: "1 for the right text, less for one that only resembles it." },
  sorting: { label: "sorting", threshold: "1", about: "1 where all stand in order; less otherwise, down to −1." },
  "film-reviews": {
    label: "film reviews",
    threshold: "1",
    about: "Words of praise minus words of blame, minus one for each that is said again.",
  },
};
export const taskOptions = Object.entries(tasks).map(([value, { label }]) => ({ value, label }));

export const verdicts: { value: By; label: string; about: string }[] = [
  {
    value: "oracle",
    label: "oracle of a synthetic task",
    about: "A program that knows the right answer to each prompt of its task, and no others.",
  },
  {
    value: "pattern",
    label: "rule: a regular expression",
    about: "1 for what matches it, 0 for anything else: a form of answer, or the answer that all prompts have.",
  },
  {
    value: "answer",
    label: "rule: the right answer",
    about:
      "1 for a solution that comes to the right answer to its prompt, which a labelled dataset holds, 0 for any other.",
  },
  {
    value: "model",
    label: "process reward model",
    about: "A run that has learned from people's labels how likely each step is right, from 0 to 1.",
  },
];

export const matchOptions: { value: Match; label: string; about: string }[] = [
  { value: "number", label: "as numbers", about: "Fractions, percentages and thousands separators are understood." },
  { value: "quantity", label: "as numbers with units", about: "3 km as 3000 m." },
  { value: "choice", label: "as letters of a choice", about: "A, B, C and so on." },
  { value: "exact", label: "as texts", about: "But for case, white space and a final full stop." },
  { value: "contains", label: "anywhere in the solution", about: "But for case and white space." },
];

export const judgedOptions = [
  { value: "solution", label: "the whole solution" },
  { value: "step", label: "the next step" },
];
export const judgedAbout: Record<Texts["judged"], string> = {
  solution: "The right steps with all that follows. A continuation that the limit of tokens cuts off is left out.",
  step: "The right steps with the next one; what follows it is not read.",
};

/** What a threshold is compared with. */
export const thresholdAbout = ({ by, task }: Texts): string => (by === "oracle" ? tasks[task].about : thresholds[by]);
const thresholds: Record<Exclude<By, "oracle">, string> = {
  pattern: "1: it matches.",
  answer: "1: the right answer.",
  model: "0.5: rather right than wrong.",
};

/** A verdict brings what it is usually used with. */
export function judgedBy(by: By, task: GoldTask): Pick<Texts, "by" | "task" | "judged" | "threshold"> {
  if (by === "model") return { by, task, judged: "step", threshold: "0.5" };
  return { by, task, judged: "solution", threshold: by === "oracle" ? tasks[task].threshold : "1" };
}

export const usualTexts = (dataset: string, model: string): Texts => ({
  ...{ model, run: "", samples: "8", temperature: "1", maxNewTokens: "256" },
  ...{ ...judgedBy("oracle", "arithmetic"), expression: "", judge: "" },
  ...{ answers: "", column: "answer", match: "number" },
  name: `${dataset.slice(0, 67)}, right steps`,
});

function verdictOf({ by, task, expression, answers, column, match, judge }: Texts): object {
  if (by === "oracle") return { by, task };
  if (by === "pattern") return { by, expression };
  return by === "answer" ? { by, answers, column, match } : { by, run: judge };
}

/** A number that is none stays none, for the schema to refuse. */
const numberIn = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));

/** As the server takes it, or what is wrong, by field: `writer`, `samples`, `verdict.expression`, … */
export function readTexts(texts: Texts): { input: StepPairsInput } | { problems: Partial<Record<string, string>> } {
  const { model, run, samples, temperature, maxNewTokens, judged, threshold, name } = texts;
  const { data, error } = stepPairsInput.safeParse({
    writer: run === "" ? `base:${model.trim()}` : `run:${run}`,
    samples: numberIn(samples),
    temperature: numberIn(temperature),
    maxNewTokens: numberIn(maxNewTokens),
    verdict: verdictOf(texts),
    judged,
    threshold: numberIn(threshold),
    name,
  });
  return error
    ? { problems: Object.fromEntries(error.issues.map(({ path, message }) => [path.join("."), message])) }
    : { input: data };
}
