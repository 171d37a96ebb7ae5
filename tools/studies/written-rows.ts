// Rows in a model's own words: for `tiny` the reviews that it learnt from, for SmolLM2 its answers to everyday questions, which come with the workbench.
import { readFileSync } from "node:fs";
import { rowsFile } from "./trace";

export function writtenRows(source: string): string {
  if (source === "tiny") return "data/samples/film-reviews.jsonl.gz";
  const answered = readFileSync("data/samples/everyday.jsonl", "utf8").trim().split("\n");
  return rowsFile(
    answered.map((line) => {
      const { prompt, answers } = JSON.parse(line) as { prompt: object[]; answers: string[] };
      return JSON.stringify({ prompt, completion: [{ role: "assistant", content: answers[0] }] });
    }),
  );
}
