// Prompts that methods answer themselves, with what scores the answers reads of their rows.
import type { ReadRow } from "../../common/rows/formats";
import { promptOf as promptOfRow, readPromptRow } from "../../common/rows/rows";
import type { Message, Text } from "../../spec/chat";
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import { judgeOf } from "../../spec/methods/judge-of";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Dataset, type Example, type Make, readDataset } from "./dataset";
import { named } from "./method-rows";
import { bySet } from "./mixed";
import { promptIds, type Tokens, tokenizePrompt } from "./tokenize";

/** A row without its answer. */
export const promptOf = (row: Tokens): Tokens => {
  const ids = row.completion_mask.includes(1) ? promptIds(row) : row.input_ids;
  return { input_ids: ids, completion_mask: ids.map(() => 0) };
};

/** A prompt as the longest row that sampling may make of it. */
export const withLongestAnswer = ({ input_ids }: Tokens, length: number): Tokens => ({
  input_ids: [...input_ids, ...Array<number>(length).fill(0)],
  completion_mask: [...input_ids.map(() => 0), ...Array<number>(length).fill(1)],
});

/** Prompts to answer, whatever else their rows hold. */
export async function promptRows(config: RunConfig, tokenizer: ChatTokenizer): Promise<Dataset<Tokens>> {
  const { reward, environment } = methodOf(config).scoredBy(config) ?? {};
  const answer = reward?.rules.answer ?? null;
  const make: Make<Tokens> = (row, rendering) => {
    const prompt = promptOfRow(row);
    if (environment) conversationOf(prompt);
    if (row.template)
      rendering.tell?.("what scores the answers is not shown the tools and template variables of a row");
    const ids = tokenizePrompt(tokenizer, prompt, rendering);
    const fits = ids.length <= config.data.maxLength;
    const truth = answer ? truthIn(row, answer.column) : null;
    if (answer && truth === null) {
      rendering.tell?.(`without a right answer in ${answer.column}: left out`);
      return { prompt, rows: [], undecided: true };
    }
    return {
      prompt,
      ...(truth !== null && { truth }),
      ...((reward?.function || environment) && { columns: columnsBeside(row) }),
      rows: fits ? [{ input_ids: ids, completion_mask: ids.map(() => 0) }] : [],
    };
  };
  const columns = named(
    `${judgeOf(config)?.path ?? `${methodOf(config).block}.reward`}.rules.answer.column`,
    answer?.column ?? null,
  );
  const { train, heldOut, notes } = await readDataset(config, tokenizer, make, { read: readPromptRow, columns });
  shareColumns([...train, ...heldOut]);
  const once = (examples: typeof train) => [
    ...new Map(examples.map((example) => [example.promptIds.join(), example])).values(),
  ];
  const asked = bySet(train).flatMap(once); // of a prompt in two sets each has its own, which the weights repeat
  const repeated = train.length - asked.length;
  const note = `${repeated} of ${train.length} rows repeat a prompt; each is asked once an epoch`;
  return { train: asked, heldOut: once(heldOut), notes: repeated > 0 ? [...notes, note] : notes };
}

/** Throws where a prompt is no conversation, which nobody could go on with. */
export function conversationOf(prompt: Text | null): Message[] {
  if (typeof prompt === "object" && prompt !== null) return prompt;
  const words = JSON.stringify(prompt)?.slice(0, 60);
  throw new Error(
    `an environment goes on with conversations, and the prompt ${words} is none: give prompts as lists of messages`,
  );
}

/** The columns that a reward function gets by their names: those that TRL hands on, which leaves out what it has names of its own for. */
function columnsBeside({ columns }: ReadRow): Record<string, unknown> {
  const own = ["prompt", "completion", "prompts", "completions", "completion_ids"];
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !own.includes(name)));
}

/** Gives each row the columns of all, null where it has none of its own: a function that names one is never called without it. */
function shareColumns(examples: Example<unknown>[]): void {
  const names = new Set(examples.flatMap(({ columns = {} }) => Object.keys(columns)));
  for (const example of examples)
    if (example.columns)
      example.columns = Object.fromEntries([...names].map((name) => [name, example.columns![name] ?? null]));
}

/** The right answer in a row's column, null where there is none. Throws where it is neither text nor a number. */
export function truthIn({ columns }: ReadRow, column: string): string | null {
  const value = columns[column] ?? null;
  if (value === null) return null;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error(`${column} is ${JSON.stringify(value)}; the right answer is expected there, as text or a number`);
}
