// Layouts with two answers to one prompt and something that says which of them is better.
import { isRecord } from "../json";
import type { Layout } from "./layout";
import { type Columns, question } from "./questions";
import { readNumber } from "./values";

/** LMSYS's arenas: whole conversations with a winner. */
export function arena(row: Columns): Layout | null {
  const { conversation_a: a, conversation_b: b } = row;
  if (!Array.isArray(a) || !Array.isArray(b)) return null;
  const uses = ["conversation_a", "conversation_b", ...winnerColumns];
  return { name: "LMSYS arena", uses, row: ordered(winner(row), a, b) };
}

const winnerColumns = ["winner", "winner_model_a", "winner_model_b", "winner_tie"];

function winner(row: Columns): "first" | "second" {
  const { winner: name, winner_model_a: a, winner_model_b: b } = row;
  if (name === "model_a" || Number(a) === 1) return "first";
  if (name === "model_b" || Number(b) === 1) return "second";
  throw new Error("is a tie, which gives no pair");
}

const ordered = (best: "first" | "second", first: unknown, second: unknown) =>
  best === "first" ? { chosen: first, rejected: second } : { chosen: second, rejected: first };

/** OpenAI's summaries of posts and news with people's choice, as Stiennon et al. 2020 asked their models for them. */
export function summaries(row: Columns): Layout | null {
  const { info, summaries: given, choice } = row;
  if (!isRecord(info) || !Array.isArray(given) || choice === undefined) return null;
  const [first, second] = given.map((one) => (isRecord(one) ? one.text : one));
  const text = info.post ?? info.article;
  if (given.length !== 2 || typeof text !== "string")
    throw new Error("info holds no post or article, or summaries not two of it");
  const from = typeof info.subreddit === "string" ? `SUBREDDIT: r/${info.subreddit}\n\n` : "";
  const prompt = info.post ? `${from}TITLE: ${String(info.title)}\n\nPOST: ${text}\n\nTL;DR:` : `${text}\n\nTL;DR:`;
  return {
    name: "OpenAI summaries",
    uses: ["info", "summaries", "choice"],
    row: { prompt, ...ordered(oneOf(row, "choice", 0, 1), first, second) },
  };
}

/** A conversation, and what its last answer is better than: ms-swift's. */
export function rejectedResponse(row: Columns): Layout | null {
  const { messages, rejected_response: rejected } = row;
  if (!Array.isArray(messages) || messages.length < 2 || rejected === undefined) return null;
  return {
    name: "messages with a rejected response",
    uses: ["messages", "rejected_response"],
    row: { prompt: messages.slice(0, -1), chosen: messages.slice(-1), rejected: asAnswer(rejected) },
  };
}

const asAnswer = (text: unknown) => (typeof text === "string" ? [{ role: "assistant", content: text }] : text);

/** Layouts that say by the columns' names which answer is better. */
const named: [layout: string, better: string, worse: string][] = [
  ["Stack Exchange", "response_j", "response_k"],
  ["distilabel", "chosen_response", "rejected_response"],
  ["Code-Preference-Pairs", "accepted", "rejected"],
  ["CValues", "pos_resp", "neg_resp"],
  ["HelpSteer3, edited", "edited_response", "original_response"],
  ["HelpSteer3, edited", "good_edited_response", "bad_edited_response"],
];

/** Two answers in columns of their own, and one that says which is better. */
export function twoAnswers(row: Columns): Layout | null {
  const two = (name: string, first: string, second: string, best: () => "first" | "second", by: string[]): Layout => {
    const asked = question(row);
    const uses = [first, second, ...by, ...(asked?.uses ?? [])];
    return { name, uses, row: { prompt: asked?.prompt, ...ordered(best(), row[first], row[second]) } };
  };
  if (row.response_a !== undefined && row.response_b !== undefined)
    return kaggleArena(two("LMSYS arena", "response_a", "response_b", () => winner(row), winnerColumns));
  if (row.response_0 !== undefined && row.better_response_id !== undefined)
    return two("PKU-SafeRLHF", "response_0", "response_1", () => oneOf(row, "better_response_id", 0, 1), [
      "better_response_id",
    ]);
  if (row.answer_0 !== undefined && row.score_0 !== undefined)
    return two("WebGPT", "answer_0", "answer_1", () => higher(row.score_0, row.score_1), ["score_0", "score_1"]);
  if (row.human_ref_A !== undefined && row.labels !== undefined)
    return two("SHP", "human_ref_A", "human_ref_B", () => oneOf(row, "labels", 1, 0), ["labels"]);
  if (row.response1 !== undefined && row.overall_preference !== undefined)
    return two("HelpSteer", "response1", "response2", () => sign(row.overall_preference), ["overall_preference"]);
  if (row.response_1 !== undefined && row.preference_strength !== undefined)
    return two("HelpSteer", "response_1", "response_2", () => sign(row.preference_strength), ["preference_strength"]);
  if (row.response_1 !== undefined && row.overall_response !== undefined)
    return two("align-anything", "response_1", "response_2", () => oneOf(row, "overall_response", 1, 2), [
      "overall_response",
    ]);
  if (row.output_1 !== undefined && row.output_2 !== undefined && row.preference !== undefined)
    return two("AlpacaFarm", "output_1", "output_2", () => oneOf(row, "preference", 1, 2), ["preference"]);
  const [name, better, worse] =
    named.find(([, first, second]) => row[first] !== undefined && row[second] !== undefined) ?? [];
  return name === undefined ? null : two(name, better!, worse!, () => "first", []);
}

/** The arena's texts on Kaggle are lists with one text a turn; of those with one turn the texts are taken out. */
function kaggleArena(layout: Layout): Layout {
  const lists = [layout.row.prompt, layout.row.chosen, layout.row.rejected].map(listOfTexts);
  if (lists.some((list) => list === null)) return layout;
  if (lists.some((list) => list!.length !== 1))
    throw new Error("prompt holds several turns, each answered twice; a pair needs a single one");
  const [prompt, chosen, rejected] = lists.map((list) => list![0]);
  return { ...layout, row: { prompt, chosen, rejected } };
}

function listOfTexts(value: unknown): string[] | null {
  if (typeof value !== "string" || !value.startsWith('["')) return null;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) && list.every((one) => typeof one === "string") ? list : null;
  } catch {
    return null; // a text like any other
  }
}

/** Which of two numbers a column holds. */
function oneOf(row: Columns, column: string, first: number, second: number): "first" | "second" {
  const value = Number(row[column]);
  if (value !== first && value !== second) throw new Error(`${column} is neither ${first} nor ${second}`);
  return value === first ? "first" : "second";
}

function higher(first: unknown, second: unknown): "first" | "second" {
  return sign(readNumber(second, "the second score") - readNumber(first, "the first score"));
}

function sign(preference: unknown): "first" | "second" {
  if (Number(preference) === 0) throw new Error("is a tie, which gives no pair");
  return Number(preference) < 0 ? "first" : "second";
}
