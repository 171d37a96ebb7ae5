// What a row says once its layout is known: a pair, a ranking, single answers, a conversation, steps, a text, a prompt.
import { isDeepStrictEqual } from "node:util";
import type { Message, Text } from "../../spec/chat";
import type { Layout } from "./layout";
import { asTurns, contentText, readAnswer, readPrompt, readText } from "./messages";
import { type Columns, withSystem } from "./questions";
import { readLabel, readNumber } from "./values";

export interface PreferenceRow {
  prompt: Text;
  chosen: Text;
  rejected: Text;
  /** Of a conversation: how the answer begins in both, which is not scored (Step-DPO). */
  steps?: string;
}
/** Answers with ranks: least is best, equal is tied. */
export interface RankedRow {
  prompt: Text;
  completions: Text[];
  ranks: number[];
}
export interface UnpairedRow {
  prompt: Text;
  completion: Text;
  label: boolean;
}
export interface CompletionRow {
  prompt: Text;
  completion: Text;
  /** The conversation with what follows the answer, where somebody asks on. */
  unanswered?: Text;
}
export interface AnswersRow {
  prompt: Text;
  answers: string[];
  source?: unknown;
  writers?: unknown;
  gold?: unknown;
}

/** A solution whose steps are right or wrong, each by itself. */
export interface StepwiseRow {
  prompt: Text;
  steps: { text: string; label: boolean }[];
}

export type Content =
  | ({ kind: "preference" } & PreferenceRow)
  | ({ kind: "ranking" } & RankedRow)
  | ({ kind: "unpaired" } & UnpairedRow)
  | ({ kind: "completion" } & CompletionRow)
  | { kind: "text"; text: string }
  | ({ kind: "answers" } & AnswersRow)
  | ({ kind: "stepwise" } & StepwiseRow)
  | { kind: "prompt"; prompt: Text };

/** Throws a sentence where it holds what cannot be learnt from. */
export function content({ row }: Layout, { system, system_prompt }: Columns, remarks: string[]): Content {
  const asked = (prompt: Text) => withSystem(prompt, row.system ?? system ?? system_prompt);
  if (row.steps !== undefined && row.labels !== undefined) return solution(row, asked);
  if (row.chosen !== undefined) return preference(row, asked);
  if (row.completions !== undefined) return ranking(row, asked);
  if (row.answers !== undefined) return unranked(row, asked);
  if (row.messages !== undefined) return dialogue(row, asked, remarks);
  if (row.text !== undefined) return { kind: "text", text: plain(row.text) };
  const prompt = asked(readPrompt(row.prompt));
  if (row.completion === undefined) return { kind: "prompt", prompt };
  const answer = alike(prompt, [readAnswer(row.completion, "completion")]);
  const one = { prompt: answer.prompt, completion: answer.answers[0]! };
  return row.label === undefined
    ? { kind: "completion", ...one }
    : { kind: "unpaired", ...one, label: readLabel(row.label) };
}

type Asked = (prompt: Text) => Text;

function preference(row: Columns, asked: Asked): Content {
  const steps = typeof row.steps === "string" ? { steps: row.steps } : {};
  const [chosen, rejected] = [readText(row.chosen, "chosen"), readText(row.rejected, "rejected")];
  const parts = dialogues(row.prompt, chosen, rejected) ?? { prompt: readPrompt(row.prompt), chosen, rejected };
  const answers = [readAnswer(parts.chosen, "chosen"), readAnswer(parts.rejected, "rejected")];
  if (isDeepStrictEqual(answers[0], answers[1])) throw new Error("rejected is the same as chosen");
  if (typeof answers[0] !== typeof answers[1])
    throw new Error("chosen is a text and rejected a conversation, or the other way round; give both alike");
  const made = alike(asked(parts.prompt), answers);
  return { kind: "preference", prompt: made.prompt, chosen: made.answers[0]!, rejected: made.answers[1]!, ...steps };
}

/** A pair of whole conversations: the turns that both share are its prompt, as in TRL. Null where they are answers alone. */
function dialogues(prompt: unknown, chosen: Text, rejected: Text) {
  if (typeof chosen === "string" || typeof rejected === "string") {
    if (prompt !== undefined) return null;
    throw new Error("has no prompt: give it as a column, since where two texts part is not where an answer begins");
  }
  if (prompt === undefined) return implicitPrompt(chosen, rejected);
  const starts = (answer: Message[], turns: Message[]) => turns.every((turn, i) => answer[i] && same(turn, answer[i]));
  const given = asTurns(readPrompt(prompt), "user");
  if (typeof prompt === "string") {
    if (chosen.length === 1 && rejected.length === 1) return null;
    const pair = implicitPrompt(chosen, rejected);
    if (!pair.prompt.some(({ content }) => contentText(content).trim() === prompt.trim()))
      throw new Error("prompt is not among the turns that chosen and rejected share");
    return pair; // UltraFeedback, binarized, repeats the question as text
  }
  return starts(chosen, given) && starts(rejected, given) ? implicitPrompt(chosen, rejected) : null;
}

/** The turns that both share, and what each says after them. */
function implicitPrompt(chosen: Message[], rejected: Message[]) {
  let shared = 0;
  while (shared < Math.min(chosen.length, rejected.length) && same(chosen[shared]!, rejected[shared]!)) shared++;
  if (shared === chosen.length && shared === rejected.length) throw new Error("rejected is the same as chosen");
  if (shared === 0) throw new Error("chosen and rejected share no turn, so there is no prompt");
  if (shared === chosen.length || shared === rejected.length)
    throw new Error("one of chosen and rejected ends where the other goes on");
  return { prompt: chosen.slice(0, shared), chosen: chosen.slice(shared), rejected: rejected.slice(shared) };
}

const same = (a: Message, b: Message) =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

/** Prompt and answers all as text, or all as conversations: one that is a conversation makes turns of the others. */
function alike(prompt: Text, answers: Text[]): { prompt: Text; answers: Text[] } {
  if ([prompt, ...answers].every((one) => typeof one === "string")) return { prompt, answers };
  return { prompt: asTurns(prompt, "user"), answers: answers.map((answer) => asTurns(answer, "assistant")) };
}

const mostAnswers = 10;

function ranking({ prompt, completions, ranks, scores }: Columns, asked: Asked): Content {
  const list = completions as unknown[];
  if (list.length < 2) throw new Error("completions holds fewer than two answers");
  if (list.length > mostAnswers) throw new Error(`completions holds ${list.length} answers; at most ${mostAnswers}`);
  const given = ranks ?? scores;
  if (!Array.isArray(given) || given.length !== list.length)
    throw new Error("completions needs ranks or scores: a list with one number to each of its answers");
  const numbers = given.map((one, i) => readNumber(one, `${ranks ? "ranks" : "scores"} ${i + 1}`));
  const read = list.map((one, i) => readAnswer(one, `completions ${i + 1}`));
  if (read.some((one) => typeof one !== typeof read[0]))
    throw new Error("completions must all be text or all be messages");
  const made = alike(asked(readPrompt(prompt)), read);
  return {
    kind: "ranking",
    prompt: made.prompt,
    completions: made.answers,
    ranks: ranks ? numbers : numbers.map((score) => -score),
  };
}

function unranked({ prompt, answers, source, writers, gold }: Columns, asked: Asked): Content {
  const texts = (answers as unknown[]).map((answer, i) => {
    if (typeof answer === "string" && answer !== "") return answer;
    const text = readAnswer(answer, `answers ${i + 1}`);
    return typeof text === "string" ? text : contentText(text[0]!.content);
  });
  return { kind: "answers", prompt: asked(readPrompt(prompt)), answers: texts, source, writers, gold };
}

function solution({ prompt, steps, labels }: Columns, asked: Asked): Content {
  if (!Array.isArray(steps) || !Array.isArray(labels) || steps.length !== labels.length || steps.length === 0)
    throw new Error("labels needs one entry to each of the steps in completions");
  const read = steps.map((step, i) => {
    if (typeof step !== "string" || step === "") throw new Error(`completions ${i + 1} is no text; a step is expected`);
    return { text: step, label: readLabel(labels[i]) };
  });
  return { kind: "stepwise", prompt: asked(readPrompt(prompt)), steps: read };
}

/**
 * A conversation's last turn of the assistant is its answer; what comes after it answers nothing and is left out. OpenAI's `weight` 0 says of
 * a turn that it is not to be learnt, as does `loss` false of AgentInstruct and ms-swift.
 */
function dialogue({ messages, label }: Columns, asked: Asked, remarks: string[]): Content {
  const given = readText(messages, "messages") as Message[];
  const last = given.findLastIndex(({ role, weight, loss }) => role === "assistant" && weight !== 0 && loss !== false);
  const turns = given.map(({ weight: _weight, loss: _loss, ...turn }) => turn as Message);
  if (last < 0) {
    const others = new Set(given.map(({ role }) => role).filter((role) => !askingRoles.includes(role)));
    if (others.size > 0 && !others.has("assistant"))
      throw new Error(
        `messages holds no turn of the role assistant, but of ${[...others].slice(0, 5).join(", ")}: map who speaks in them`,
      );
    if (label !== undefined || turns.length === 0) throw new Error("messages holds no turn of the role assistant");
    return { kind: "prompt", prompt: asked(readPrompt(turns)) };
  }
  if (last === 0) throw new Error("messages begins with its answer; it needs a prompt before it");
  if (last < turns.length - 1) remarks.push("what follows the assistant's last turn is left out");
  const completion = readAnswer([turns[last]], "the assistant's last turn");
  const one = {
    prompt: asked(turns.slice(0, last)),
    completion,
    ...(last < turns.length - 1 && { unanswered: asked(turns) }),
  };
  return label === undefined ? { kind: "completion", ...one } : { kind: "unpaired", ...one, label: readLabel(label) };
}

const askingRoles = ["system", "developer", "user", "tool"];

function plain(text: unknown): string {
  const read = readText(text, "text");
  if (typeof read !== "string") throw new Error("text is a conversation; give it as messages");
  return read;
}
