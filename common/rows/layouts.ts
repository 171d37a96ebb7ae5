// Layouts of rows that other projects publish, each brought into the columns of TRL's dataset types; formats.ts reads those.
// Turns are told apart by message, never by a common prefix of characters, which cuts words in two (trl issue 6079).
import type { Message } from "../../spec/chat";
import { isRecord } from "../json";
import { argilla, labelStudio } from "./annotation-exports";
import { glaive, moss } from "./chats";
import { conversation, functionCalls, gemini } from "./conversations";
import { labelColumns, labelled } from "./labels";
import type { Layout } from "./layout";
import { type Columns, type Question, question } from "./questions";
import { firstWrongStep, mathShepherd, stepwise } from "./stepwise";
import { arena, rejectedResponse, summaries, twoAnswers } from "./two-answers";
import { messagesPair } from "./typed-parts";

/** The first layout that fits. Throws a sentence where one fits and what it holds does not; null where none does. */
export function layoutOf(row: Columns): Layout | null {
  for (const layout of layouts) {
    const found = layout(row);
    if (found) return found;
  }
  return null;
}

const layouts = [
  argilla,
  labelStudio,
  openAiPreference,
  messagesPair,
  mathShepherd,
  stepwise,
  firstWrongStep,
  stepDpo,
  arena,
  summaries,
  rejectedResponse,
  twoAnswers,
  ranking,
  answers,
  functionCalls,
  glaive,
  moss,
  gemini,
  conversation,
  transcripts,
  pair,
  answered,
  plainText,
  prompt,
  corpus,
];

function stepDpo(row: Columns): Layout | null {
  const { prompt, chosen, rejected, initial_reason_steps: steps } = row;
  if (typeof steps !== "string") return null;
  const uses = ["prompt", "chosen", "rejected", "initial_reason_steps"];
  return { name: "Step-DPO", uses, row: { prompt, chosen, rejected, steps } };
}

/** What OpenAI's preference fine-tuning takes. */
function openAiPreference(row: Columns): Layout | null {
  const { input, preferred_output: chosen, non_preferred_output: rejected } = row;
  if (!isRecord(input) || chosen === undefined || rejected === undefined) return null;
  const uses = ["input", "preferred_output", "non_preferred_output"];
  return { name: "OpenAI preference", uses, row: { prompt: input.messages, chosen, rejected, tools: input.tools } };
}

/** Several answers with ranks or scores: this product's, UltraFeedback's and Nectar's. */
function ranking(row: Columns): Layout | null {
  const asked = question(row);
  const uses = asked?.uses ?? [];
  const { completions, answers, ranks, scores } = row;
  if (Array.isArray(completions) && completions.some((one) => isRecord(one) && "response" in one))
    return {
      name: "UltraFeedback",
      uses: ["completions", ...uses],
      row: {
        prompt: asked?.prompt,
        completions: completions.map((one) => (isRecord(one) ? one.response : one)),
        scores: completions.map((one, i) => rating(one, i)),
      },
    };
  if (Array.isArray(completions) && !("label" in row) && !("labels" in row))
    return {
      name: "ranking",
      uses: ["completions", "ranks", "scores", ...uses],
      row: { prompt: asked?.prompt, completions, ranks, scores },
    };
  if (Array.isArray(answers) && answers.some((one) => isRecord(one) && "rank" in one))
    return {
      name: "Nectar",
      uses: ["answers", ...uses],
      row: {
        prompt: isTranscript(row.prompt) ? turnsOf(row.prompt) : asked?.prompt,
        completions: answers.map((one) => (isRecord(one) ? one.answer : one)),
        ranks: answers.map((one) => (isRecord(one) ? one.rank : one)),
      },
    };
  if (Array.isArray(answers) && answers.some((one) => isRecord(one) && "pm_score" in one))
    return {
      name: "Stack Exchange",
      uses: ["answers", ...uses],
      row: {
        prompt: asked?.prompt,
        completions: answers.map((one) => (isRecord(one) ? one.text : one)),
        scores: answers.map((one) => (isRecord(one) ? one.pm_score : one)),
      },
    };
  const responses = ["responses", "generations", "all_generated_responses"].find((name) => Array.isArray(row[name]));
  const order = ["ranks", "rankings"].find((name) => Array.isArray(row[name]));
  const points = ["scores", "all_rm_scores", "ratings"].find((name) => Array.isArray(row[name]));
  if (responses === undefined || (order ?? points) === undefined) return null;
  const numbers = order ? { ranks: row[order] } : { scores: row[points!] };
  return {
    name: "ranking",
    uses: [responses, (order ?? points)!, ...uses],
    row: { prompt: asked?.prompt, completions: row[responses], ...numbers },
  };
}

/** What UltraFeedback's judge gave a completion: the overall score, else the mean over the aspects. */
function rating(completion: unknown, index: number): number {
  const { overall_score, "fine-grained_score": fine, annotations } = isRecord(completion) ? completion : {};
  const given = [overall_score, fine].find((score) => score !== undefined && Number.isFinite(Number(score)));
  if (given !== undefined) return Number(given);
  const aspects = (isRecord(annotations) ? Object.values(annotations) : [])
    .flat()
    .map((aspect) => (isRecord(aspect) ? Number(aspect.Rating) : Number.NaN))
    .filter(Number.isFinite);
  if (aspects.length === 0)
    throw new Error(`completion ${index + 1} has neither overall_score, fine-grained_score nor ratings`);
  return aspects.reduce((sum, one) => sum + one, 0) / aspects.length;
}

/** A prompt with answers that nobody has ranked: what a queue exports and imports. */
function answers(row: Columns): Layout | null {
  if (!Array.isArray(row.answers)) return null;
  const asked = question(row);
  const { answers, source, writers, gold } = row;
  return {
    name: "answers to rank",
    uses: ["answers", "source", "writers", "gold", ...(asked?.uses ?? [])],
    row: { prompt: asked?.prompt, answers, source, writers, gold },
  };
}

const speaker = /\n\n(Human|Assistant): ?/;
const isTranscript = (value: unknown): value is string =>
  typeof value === "string" && value.startsWith("\n\nHuman:") && value.includes("\n\nAssistant:");

/** Anthropic's HH-RLHF: two whole dialogues as text. */
function transcripts(row: Columns): Layout | null {
  const { chosen, rejected } = row;
  if (row.prompt !== undefined || !isTranscript(chosen) || !isTranscript(rejected)) return null;
  return {
    name: "HH-RLHF",
    uses: ["chosen", "rejected"],
    row: { chosen: turnsOf(chosen), rejected: turnsOf(rejected) },
  };
}

/** "\n\nHuman: …\n\nAssistant: …" as messages. */
function turnsOf(transcript: string): Message[] {
  const [, ...parts] = transcript.split(speaker);
  const turns = Array.from({ length: parts.length / 2 }, (_, i) => ({
    role: parts[2 * i] === "Human" ? "user" : "assistant",
    content: parts[2 * i + 1]!.trim(),
  }));
  const isAsked = turns.at(-1)?.role === "assistant" && turns.at(-1)?.content === ""; // a prompt ends where the answer begins
  return isAsked ? turns.slice(0, -1) : turns;
}

/** TRL's explicit and implicit pairs; Alpaca's and Orca's, whose prompt has another name. */
function pair(row: Columns): Layout | null {
  const { chosen, rejected } = row;
  if (chosen === undefined || rejected === undefined) return null;
  const asked = question(row);
  if ([chosen, rejected].some(isTexts) && [chosen, rejected].every((one) => isTexts(one) || typeof one === "string"))
    return severalOfEach([chosen].flat() as string[], [rejected].flat() as string[], asked);
  const name = asked?.layout ?? (asked ? "prompt, chosen and rejected" : "chosen and rejected");
  return {
    name,
    uses: ["chosen", "rejected", ...(asked?.uses ?? [])],
    row: { prompt: asked?.prompt, chosen, rejected },
  };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");

/** RewardBench 2's: good answers and bad ones, of which none is better than another. */
const severalOfEach = (chosen: string[], rejected: string[], asked: Question | null): Layout => ({
  name: "RewardBench",
  uses: ["chosen", "rejected", ...(asked?.uses ?? [])],
  row: {
    prompt: asked?.prompt,
    completions: [...chosen, ...rejected],
    ranks: [...chosen.map(() => 1), ...rejected.map(() => 2)],
  },
});

const answerColumns = ["completion", "response", "output", "answer", "generation", "generated_solution", "chosen"];
/** By the name of the question: NuminaMath's, FLAN's and Firefly's. */
const answerTo: Record<string, string> = { problem: "solution", inputs: "targets", input: "target" };

/** A prompt with one answer, which may be labelled good or bad: TRL's, Alpaca's. */
function answered(row: Columns): Layout | null {
  const asked = question(row);
  const column = [answerTo[asked?.layout ?? ""] ?? "completion", ...answerColumns].find(
    (name) => row[name] !== undefined,
  );
  if (!asked || column === undefined) return null;
  const answer = row[column];
  const name = asked.layout ?? `prompt and ${column}`;
  const uses = [column, ...labelColumns, ...asked.uses];
  if (
    column === "output" &&
    Array.isArray(answer) &&
    answer.length === 2 &&
    answer.every((one) => typeof one === "string")
  )
    return { name: "Alpaca comparison", uses, row: { prompt: asked.prompt, chosen: answer[0], rejected: answer[1] } };
  return { name, uses, row: { prompt: asked.prompt, completion: answer, ...labelled(row) } };
}

function plainText({ text }: Columns): Layout | null {
  return text === undefined ? null : { name: "text", uses: ["text"], row: { text } };
}

/** The Stack's and RedPajama's name for a text. */
function corpus(row: Columns): Layout | null {
  const name = ["content", "raw_content"].find((column) => typeof row[column] === "string");
  return name === undefined ? null : { name: "text", uses: [name], row: { text: row[name] } };
}

function prompt(row: Columns): Layout | null {
  const asked = question(row);
  return asked && { name: asked.layout ?? "prompt", uses: asked.uses, row: { prompt: asked.prompt } };
}
