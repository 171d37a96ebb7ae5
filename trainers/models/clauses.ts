import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const clauses = z.record(z.string(), z.object({ begins: z.array(z.string()), ends: z.array(z.string()) }));

/** Twenty clauses that say the same in each of 20 languages, of our own writing. */
export function clauseTexts(): { language: string; text: string }[] {
  const file = join(import.meta.dirname, "..", "..", "data", "languages", "clauses.json");
  const said = clauses.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.entries(said).map(([language, { begins, ends }]) => ({
    language,
    text: [...begins, ...ends].join("\n"),
  }));
}
