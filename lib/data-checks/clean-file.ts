// The file of the rows that nothing is wrong with. It is written beside the name that it is to have, and has it once it is whole.
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { explain } from "../../common/explain";
import { FieldError } from "../../spec/field-error";
import type { CheckedRow } from "./check-rows";
import { cleanRow } from "./clean-row";

/** Refuses a file that is there already. */
export async function cleanFile(path: string) {
  if (existsSync(path))
    throw new FieldError("clean", `${path} is there already; name another file, or remove this one`);
  const draft = `${path}.${process.pid}.tmp`;
  const output = await open(draft, "wx").catch((error: unknown) => {
    throw new FieldError("clean", `${path} cannot be written: ${explain(error)}`, { cause: error });
  });
  const written: number[] = []; // the number of the row in each line
  const contradicted = new Set<number>();

  return {
    async add(checked: CheckedRow): Promise<void> {
      if (checked.contradicts !== null) contradicted.add(checked.contradicts);
      const row = cleanRow(checked);
      if (row === null) return;
      await output.write(`${JSON.stringify(row)}\n`);
      written.push(checked.number);
    },
    /** How many rows it holds. Those that a later one contradicts are left out as that one is: nobody knows which is right. */
    async finish(): Promise<number> {
      const kept = written.map((row) => !contradicted.has(row));
      await output.close();
      if (kept.includes(false)) await keepLines(draft, kept);
      await rename(draft, path);
      return kept.filter(Boolean).length;
    },
    async discard(): Promise<void> {
      await output.close();
      for (const file of [draft, shorter(draft)]) await rm(file, { force: true });
    },
  };
}

const shorter = (draft: string) => `${draft}.tmp`;

async function keepLines(file: string, kept: boolean[]): Promise<void> {
  await pipeline(linesOf(file, kept), createWriteStream(shorter(file)));
  await rename(shorter(file), file);
}

async function* linesOf(file: string, kept: boolean[]): AsyncGenerator<Buffer> {
  let line = 0;
  for await (const part of createReadStream(file) as AsyncIterable<Buffer>)
    for (let begin = 0; begin < part.length; ) {
      const end = part.indexOf("\n", begin);
      const next = end < 0 ? part.length : end + 1;
      if (kept[line]) yield part.subarray(begin, next);
      if (end >= 0) line++;
      begin = next;
    }
}
