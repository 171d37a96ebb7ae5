// Pairs of the sample for runs that need some: to read its 3838 pairs takes a run seconds of a processor.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A file of the first pairs of the film reviews. */
export function fewReviews(count = 128, folder = mkdtempSync(join(tmpdir(), "workbench-reviews-"))): string {
  const path = join(folder, "film-reviews.jsonl");
  const rows = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz")).toString("utf8").split("\n");
  writeFileSync(path, rows.slice(0, count).join("\n"));
  return path;
}
