import "server-only";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { preferenceRow, readRows, type Text, text } from "../../trainers/data/rows";
import type { Message } from "../../trainers/models/tokenizer";
import { patientlyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { queues } from "../db/schema";
import { dataFolder } from "../env";
import { AppError } from "../errors";
import { addItems, type SampleRow } from "../samples/load";
import type { ImportReport } from "./schema";

const largestUpload = 2 ** 30;

const asMessages = (text: Text): Message[] => (typeof text === "string" ? [{ role: "user", content: text }] : text);
const asAnswer = (text: Text): string =>
  typeof text === "string" ? text : text.map((message) => message.content).join("\n\n");

/** Pairs to rank: TRL's preference columns, or a prompt with two `answers` that nobody has ranked. */
const importRow = z.union([
  z.object({
    prompt: text,
    answers: z.tuple([z.string().min(1), z.string().min(1)]),
  }),
  preferenceRow.transform(({ prompt, chosen, rejected }) => ({
    prompt,
    answers: [asAnswer(chosen), asAnswer(rejected)] as [string, string],
  })),
]);

/** Streams an uploaded .jsonl to disk and adds its good rows to a queue; every bad line comes back with its number and reason. */
export async function importQueue(
  name: string,
  upload: ReadableStream,
  declared: number | null,
  now: number,
): Promise<ImportReport> {
  if (declared !== null && declared > largestUpload)
    throw new AppError(413, "The file is larger than 1 GB; split it and import the parts.");
  const file = join(dataFolder(), "uploads", `${now}-${crypto.randomUUID()}.jsonl`);
  await mkdir(join(dataFolder(), "uploads"), { recursive: true });
  let received = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      received += chunk.length;
      done(
        received > largestUpload
          ? new AppError(413, "The file is larger than 1 GB; split it and import the parts.")
          : null,
        chunk,
      );
    },
  });
  try {
    await pipeline(Readable.fromWeb(upload), meter, createWriteStream(file));
    if (declared !== null && received !== declared)
      throw new AppError(400, `Only ${received} of ${declared} bytes arrived; nothing was imported. Try again.`);
    const { good, bad } = await readRows(file, importRow);
    if (good.length === 0)
      throw new AppError(
        400,
        bad[0] ? `No line could be imported. Line ${bad[0].line}: ${bad[0].reason}.` : "The file is empty.",
      );
    const rows: SampleRow[] = good.map((row) => ({
      prompt: asMessages(row.prompt),
      answers: row.answers,
      source: `imported from ${name}`,
    }));
    // Patience here, since the upload can be read only once.
    return await patientlyAsync(() => {
      const queue =
        appDb().select().from(queues).where(eq(queues.name, name)).get() ??
        appDb().insert(queues).values({ name, about: "Which answer is better?", createdAt: now }).returning().get();
      const added = addItems(queue.id, rows);
      return { queueId: queue.id, queue: queue.name, added, duplicates: rows.length - added, bad };
    });
  } finally {
    await rm(file, { force: true });
  }
}
