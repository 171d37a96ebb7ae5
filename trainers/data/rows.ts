// Reads a file of training rows: one JSON object a line, in TRL's formats. A bad line is reported with its number and reason.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { z } from "zod";

/** One turn of a conversation. */
export const message = z.object({ role: z.string().min(1), content: z.string() });
/** Plain text, or a conversation. */
export const text = z.union([z.string().min(1, "is empty"), z.array(message).min(1, "is empty")]);

/** A prompt with a better and a worse answer; each is text or a list of messages (TRL's standard and conversational columns). */
export const preferenceRow = z
  .object({ prompt: text, chosen: text, rejected: text })
  .refine((row) => JSON.stringify(row.chosen) !== JSON.stringify(row.rejected), {
    path: ["rejected"],
    message: "is the same as chosen",
  })
  .refine((row) => typeof row.prompt === typeof row.chosen && typeof row.prompt === typeof row.rejected, {
    message: "prompt, chosen and rejected must all be text or all be messages",
  });

/** A prompt with one answer, a whole conversation whose last turn is the answer, or a ranked pair of which the chosen answer counts. */
export const supervisedRow = z.union([
  z.object({ prompt: text, completion: text }),
  z
    .object({ messages: z.array(message).min(2, "needs a prompt and an answer") })
    .transform(({ messages }) => ({ prompt: messages.slice(0, -1), completion: messages.slice(-1) })),
  z.object({ prompt: text, chosen: text }).transform(({ prompt, chosen }) => ({ prompt, completion: chosen })),
]);

export type Text = z.infer<typeof text>;
export type PreferenceRow = z.infer<typeof preferenceRow>;
export type SupervisedRow = z.infer<typeof supervisedRow>;

export interface BadLine {
  line: number;
  reason: string;
}

/** Parses every line of a .jsonl or .jsonl.gz file; `good` holds the rows, `bad` the lines that are none, both in file order. */
export async function readRows<T>(path: string, schema: z.ZodType<T>): Promise<{ good: T[]; bad: BadLine[] }> {
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  const good: T[] = [];
  const bad: BadLine[] = [];
  let line = 0;
  for await (const content of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (content.trim() === "") continue;
    const row = parseLine(content, schema);
    if ("reason" in row) bad.push({ line, reason: row.reason });
    else good.push(row.value);
  }
  return { good, bad };
}

export function parseLine<T>(content: string, schema: z.ZodType<T>): { value: T } | { reason: string } {
  let json: unknown;
  try {
    json = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { reason: `not JSON: ${error instanceof Error ? error.message : error}` };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  return { reason: parsed.error.issues.map((issue) => `${issue.path.join(".") || "row"} ${issue.message}`).join("; ") };
}
