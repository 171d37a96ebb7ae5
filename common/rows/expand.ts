// Records that hold several rows, and rows that only make sense with their neighbours: OpenAssistant's trees, as trees and as messages one
// a row; PRM800K's solutions with their alternatives; Self-Instruct's tasks; HelpSteer2's answers to one prompt, which stand one after the other.
import type { RowMapping } from "../../spec/row-mapping";
import { isRecord } from "../json";
import type { BadLine } from "../records/lines";
import { type FileRecord, records } from "../records/records";
import { mapped } from "./mapping";
import type { Columns } from "./questions";

/** The records of a file with those taken apart or put together. Each row made has the line of the record that it begins with. */
export function rowRecords(
  path: string,
  { partial = false, mapping = null }: { partial?: boolean; mapping?: RowMapping | null } = {},
): AsyncGenerator<FileRecord | BadLine> {
  const read = records(path, { partial });
  return expanded(mapping ? renamed(read, mapping) : read);
}

async function* renamed(entries: AsyncIterable<FileRecord | BadLine>, mapping: RowMapping) {
  for await (const entry of entries) {
    if ("reason" in entry) yield entry;
    else yield* attempt(entry, () => [mapped(entry.value, mapping)]);
  }
}

export async function* expanded(entries: AsyncIterable<FileRecord | BadLine>): AsyncGenerator<FileRecord | BadLine> {
  let held: { place: Place; key: string; rows: Columns[]; join: Join } | undefined;
  const flush = (): (FileRecord | BadLine)[] => {
    if (!held) return [];
    const { place, rows, join } = held;
    held = undefined;
    return attempt(place, () => join(rows));
  };
  for await (const entry of entries) {
    const group = "reason" in entry ? null : groupOf(entry.value);
    if (group && held?.key === group.key && held.rows.length < mostTogether) {
      held.rows.push(group.row);
      continue;
    }
    if (held) yield* flush();
    const parts = "reason" in entry || group ? null : partsOf(entry.value);
    if (parts) yield* attempt(entry, parts);
    else if (group) held = { place: entry, key: group.key, rows: [group.row], join: group.join };
    else yield entry;
  }
  yield* flush();
}

/** Rows are held until their group is over. */
const mostTogether = 2000;

type Join = (rows: Columns[]) => unknown[];

type Place = Pick<FileRecord, "line" | "within">;

function attempt({ line, within }: Place, work: () => unknown[]): (FileRecord | BadLine)[] {
  try {
    return work().map((value) => ({ line, value, ...(within && { within }) }));
  } catch (error) {
    return [{ line, reason: `${within ?? ""}${(error as Error).message}` }];
  }
}

function groupOf(value: unknown): { key: string; row: Columns; join: Join } | null {
  if (!isRecord(value)) return null;
  if (typeof value.message_tree_id === "string" && typeof value.message_id === "string" && "parent_id" in value)
    return { key: `tree ${value.message_tree_id}`, row: value, join: fromMessages };
  if (typeof value.helpfulness === "number" && typeof value.prompt === "string" && typeof value.response === "string")
    return { key: `prompt ${value.prompt}`, row: value, join: rated };
  return null;
}

/** How a record is taken apart; null where it is one row. */
function partsOf(value: unknown): (() => unknown[]) | null {
  if (!isRecord(value)) return null;
  const { prompt, question, label, instruction, instances } = value;
  if (typeof instruction === "string" && Array.isArray(instances)) return () => instancesOf(value, instances);
  if (isRecord(prompt) && Array.isArray(prompt.replies)) return () => conversationsOf(prompt);
  if (!isRecord(question) || !isRecord(label)) return null;
  const { steps } = label;
  return Array.isArray(steps) ? () => solutions(question, steps) : null;
}

/** Self-Instruct's tasks: an instruction with several inputs, each with its output. */
function instancesOf({ instances: _, ...task }: Columns, instances: unknown[]): unknown[] {
  if (instances.length === 0) throw new Error("instances is empty; each should have an input and an output");
  return instances.map((one, i) => {
    const { input = "", output } = isRecord(one) ? one : {};
    if (typeof output !== "string") throw new Error(`instances ${i + 1} has no output; a text is expected`);
    return { ...task, input, output };
  });
}

/** What HelpSteer2's people say of an answer. */
const attributes = ["helpfulness", "correctness", "coherence", "complexity", "verbosity"];

/** Answers to one prompt, ranked by how helpful they are; one alone is an answer to imitate. */
function rated(rows: Columns[]): unknown[] {
  if (rows.length === 1) return rows;
  const lists = attributes.map((name) => [name, rows.map((row) => row[name])] as const);
  const scores = rows.map(({ helpfulness }) => helpfulness);
  return [
    {
      prompt: rows[0]!.prompt,
      completions: rows.map(({ response }) => response),
      scores,
      ...Object.fromEntries(lists.filter(([, list]) => list.every((one) => one !== undefined))),
    },
  ];
}

interface Turn {
  text: string;
  role: string;
  rank: number | null;
  deleted: boolean;
  replies: Turn[];
}

/** OpenAssistant's messages, one a row, put together by their parents. */
function fromMessages(rows: Columns[]): unknown[] {
  const turns = new Map(rows.map((row) => [row.message_id, turnOf(row, [])] as const));
  let root: Turn | undefined;
  for (const { message_id, parent_id } of rows) {
    const turn = turns.get(message_id)!;
    if (parent_id === null || parent_id === undefined) root = turn;
    else turns.get(parent_id)?.replies.push(turn);
  }
  if (!root)
    throw new Error(
      "message_tree_id has no message without a parent_id among these rows: a tree begins with one, and its messages must follow each other",
    );
  return ranked(root);
}

const conversationsOf = (prompt: Columns): unknown[] => ranked(treeOf(prompt, 0));

function treeOf(node: Columns, depth: number): Turn {
  if (depth > 100) throw new Error("replies are nested more than 100 deep");
  const replies = Array.isArray(node.replies) ? node.replies.filter(isRecord) : [];
  return turnOf(
    node,
    replies.map((reply) => treeOf(reply, depth + 1)),
  );
}

function turnOf({ text, role, rank, deleted }: Columns, replies: Turn[]): Turn {
  if (typeof text !== "string") throw new Error("text of a message in the tree is missing; a text is expected");
  if (role !== "prompter" && role !== "assistant")
    throw new Error("role of a message in the tree is neither prompter nor assistant");
  return { text, role, rank: typeof rank === "number" ? rank : null, deleted: deleted === true, replies };
}

/** Wherever two or more answers were ranked, a ranking; a tree without any gives its first thread as a conversation. */
function ranked(root: Turn): unknown[] {
  const found = rankingsIn(root, []);
  if (found.length > 0) return found;
  const messages = thread(root);
  if (messages.length < 2) throw new Error("replies holds no answer of the assistant");
  return [{ messages }];
}

const message = ({ role, text }: Turn) => ({ role: role === "prompter" ? "user" : "assistant", content: text });

function rankingsIn(turn: Turn, before: object[]): object[] {
  const prompt = [...before, message(turn)];
  const replies = turn.replies.filter(({ deleted }) => !deleted);
  const sorted = replies.filter(({ role, rank }) => role === "assistant" && rank !== null);
  const here =
    sorted.length < 2
      ? []
      : [{ prompt, completions: sorted.map((reply) => [message(reply)]), ranks: sorted.map(({ rank }) => rank) }];
  return [...here, ...replies.flatMap((reply) => rankingsIn(reply, prompt))];
}

function thread(turn: Turn): object[] {
  const next = turn.replies.find(({ deleted }) => !deleted);
  return [message(turn), ...(next ? thread(next) : [])];
}

/**
 * PRM800K: at each step several continuations were rated, and one was gone on with. Each way that ends is a row, as in TRL's
 * examples/datasets/prm800k.py: only a rating of 1 is right.
 */
function solutions({ problem }: Columns, steps: unknown[]): unknown[] {
  if (typeof problem !== "string") throw new Error("question holds no problem; a text is expected");
  const rows: object[] = [];
  const [texts, labels] = [[] as string[], [] as boolean[]];
  for (const [at, step] of steps.entries()) {
    const { completions, human_completion: human, chosen_completion: chosen } = isRecord(step) ? step : {};
    const options = (Array.isArray(completions) ? completions : []).map((one) => rating(one, at));
    for (const [i, { text, right }] of options.entries())
      if (i !== chosen) rows.push({ prompt: problem, completions: [...texts, text], labels: [...labels, right] });
    const next =
      typeof chosen === "number" ? options[chosen] : human ? { ...rating(human, at), right: true } : undefined;
    if (!next) break;
    texts.push(next.text);
    labels.push(next.right);
  }
  if (texts.length > 0) rows.push({ prompt: problem, completions: texts, labels });
  if (rows.length === 0) throw new Error("label.steps holds no rated step");
  return rows;
}

function rating(completion: unknown, at: number): { text: string; right: boolean } {
  const { text, rating: given } = isRecord(completion) ? completion : {};
  if (typeof text !== "string") throw new Error(`label.steps ${at + 1} holds a completion without text`);
  return { text, right: given === 1 };
}
