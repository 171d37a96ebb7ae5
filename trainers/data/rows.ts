// Reads a file of training rows, JSON lines or Parquet, in TRL's formats. A bad row is reported with its number and reason.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { withoutQuote } from "../json";
import { csvRows } from "./csv";
import { toPreference } from "./formats";
import { parquetRows } from "./parquet";

/** Half of a surrogate pair is no character: no tokenizer can give it back. */
const unicode = (content: string) => !/\p{Surrogate}/u.test(content);
const broken = { message: "holds half a character (a lone surrogate)" };
/** One turn of a conversation. */
export const message = z.object({ role: z.string().min(1), content: z.string().refine(unicode, broken) });
/** Plain text, or a conversation. */
export const text = z.union([
  z
    .string()
    .refine((content) => content.trim() !== "", "is empty")
    .refine(unicode, broken),
  z
    .array(message)
    .min(1, "is empty")
    .refine((turns) => turns.at(-1)?.content.trim() !== "", "is empty"),
]);

const explicitPreference = z
  .looseObject({
    prompt: text,
    chosen: text,
    rejected: text,
    /** Of a conversation: how the answer begins in both, which is not scored (Step-DPO). */
    steps: z.string().refine(unicode, broken).optional(),
  })
  .refine((row) => JSON.stringify(row.chosen) !== JSON.stringify(row.rejected), {
    path: ["rejected"],
    message: "is the same as chosen",
  })
  .refine((row) => typeof row.prompt === typeof row.chosen && typeof row.prompt === typeof row.rejected, {
    message: "prompt, chosen and rejected must all be text or all be messages",
  });

/**
 * A prompt with a better and a worse answer; each is text or a list of messages (TRL's standard and conversational columns). Other
 * columns are kept. The layouts of formats.ts are brought into this one.
 */
export const preferenceRow = z
  .record(z.string(), z.unknown())
  .transform((row, context) => {
    try {
      return toPreference(row);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  })
  .pipe(explicitPreference);

/** A prompt with its answers in any order and `ranks` (least is best, equal is tied) or `scores` (greatest is best). */
const rankedRow = z
  .looseObject({
    prompt: text,
    completions: z.array(text).min(2, "needs two answers").max(10, "holds more than ten answers"),
    ranks: z.array(z.number()).optional(),
    scores: z.array(z.number()).optional(),
  })
  .transform(({ prompt, completions, ranks, scores }) => ({
    prompt,
    completions,
    ranks: ranks ?? scores?.map((score) => -score) ?? [],
  }))
  .refine((row) => row.ranks.length === row.completions.length, {
    path: ["ranks"],
    message: "or scores: give one to each of completions",
  })
  .refine((row) => row.completions.every((answer) => typeof answer === typeof row.prompt), {
    message: "prompt and completions must all be text or all be messages",
  });

/** Rows with a list `completions` are read by one schema, all others by another, so that a reason is about what the row is. */
const byShape = <Ranked, Other>(ranked: z.ZodType<Ranked>, other: z.ZodType<Other>) =>
  z.record(z.string(), z.unknown()).transform((row, context): Ranked | Other => {
    const { success, data, error } = (Array.isArray(row.completions) ? ranked : other).safeParse(row);
    if (success) return data;
    for (const { path, message } of error.issues) context.addIssue({ code: "custom", path, message });
    return z.NEVER;
  });

/** A ranking of two or more answers; a pair is one of two. */
export const listRow = byShape(
  rankedRow,
  preferenceRow.transform(({ prompt, chosen, rejected }) => ({
    prompt,
    completions: [chosen, rejected],
    ranks: [1, 2],
  })),
);

/** One pair, or every pair of a ranking that is not tied (Ouyang et al. 2022). */
export const pairsRow = byShape(
  rankedRow
    .transform(({ prompt, completions, ranks }) => ({
      prompt,
      pairs: completions.flatMap((chosen, i) =>
        completions.flatMap((rejected, j): PreferenceRow[] =>
          ranks[i]! < ranks[j]! ? [{ prompt, chosen, rejected }] : [],
        ),
      ),
    }))
    .refine(({ pairs }) => pairs.length > 0, { path: ["ranks"], message: "tie all answers, which gives no pair" }),
  preferenceRow.transform((pair) => ({ prompt: pair.prompt, pairs: [pair] })),
);

/** A prompt with one answer, plain text to be continued (`text`), a whole conversation whose last turn is the answer, or a ranked pair of which the chosen answer counts. */
export const supervisedRow = z.union([
  z.object({ prompt: text, completion: text }),
  z
    .object({ messages: z.array(message).min(2, "needs a prompt and an answer") })
    .transform(({ messages }) => ({ prompt: messages.slice(0, -1), completion: messages.slice(-1) })),
  z.object({ text: text.and(z.string()) }).transform(({ text }) => ({ prompt: "", completion: text })),
  z.object({ prompt: text, chosen: text }).transform(({ prompt, chosen }) => ({ prompt, completion: chosen })),
]);

/** A prompt with an answer and whether it is a good one; a ranked pair gives two. */
export const unpairedRow = z.union([
  z
    .object({ prompt: text, completion: text, label: z.boolean() })
    .transform((row) => ({ prompt: row.prompt, answers: [{ completion: row.completion, label: row.label }] })),
  preferenceRow.transform(({ prompt, chosen, rejected }) => ({
    prompt,
    answers: [
      { completion: chosen, label: true },
      { completion: rejected, label: false },
    ],
  })),
]);

export type Text = z.infer<typeof text>;
export type PreferenceRow = z.infer<typeof preferenceRow>;
export type ListRow = z.infer<typeof listRow>;
export type SupervisedRow = z.infer<typeof supervisedRow>;
export type UnpairedRow = z.infer<typeof unpairedRow>;

export interface BadLine {
  line: number;
  reason: string;
}

/** Parses every row of a .jsonl, .jsonl.gz, .csv or .parquet file, one at a time and in file order: a value, or what is none by its line or row. */
export async function* eachRow<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<{ value: T } | BadLine> {
  let line = 0;
  const rows = path.endsWith(".parquet") ? parquetRows(path) : path.endsWith(".csv") ? csvRows(path) : textLines(path);
  for await (const content of rows) {
    line++;
    if (typeof content === "string" && content.trim() === "") continue;
    const row = typeof content === "string" ? parseLine(content, schema) : parseRow(content, schema);
    yield "reason" in row ? { line, reason: row.reason } : row;
  }
}

/** The same all at once: `good` holds the rows, `bad` the others. */
export async function readRows<T>(path: string, schema: z.ZodType<T>): Promise<{ good: T[]; bad: BadLine[] }> {
  const good: T[] = [];
  const bad: BadLine[] = [];
  for await (const row of eachRow(path, schema)) {
    if ("value" in row) good.push(row.value);
    else bad.push(row);
  }
  return { good, bad };
}

function textLines(path: string): AsyncIterable<string> {
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/** In characters. A row of text that a model can read is far shorter. */
const longestLine = 8e6;

/** A name that some object of valid JSON gives twice, in quotes; JSON.parse keeps the last without a word. */
function repeatedKey(json: string): string | undefined {
  const open: (Set<string> | null)[] = []; // names of each open object, null for an array
  let previous = "";
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const names = open.at(-1)!;
      if (names.has(previous)) return previous;
      names.add(previous);
    }
    previous = token;
  }
  return undefined;
}

export function parseLine<T>(content: string, schema: z.ZodType<T>): { value: T } | { reason: string } {
  if (content.length > longestLine)
    return { reason: `is ${(content.length / 1e6).toFixed(1)} MB long; at most ${longestLine / 1e6}` };
  let json: unknown;
  try {
    json = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { reason: `not JSON: ${withoutQuote(String(error instanceof Error ? error.message : error))}` };
  }
  const twice = repeatedKey(content);
  if (twice) return { reason: `has ${twice} twice, and only one would count` };
  return parseRow(json, schema);
}

export function parseRow<T>(row: unknown, schema: z.ZodType<T>): { value: T } | { reason: string } {
  const parsed = schema.safeParse(row);
  if (parsed.success) return { value: parsed.data };
  return { reason: parsed.error.issues.map((issue) => `${issue.path.join(".") || "row"} ${issue.message}`).join("; ") };
}
