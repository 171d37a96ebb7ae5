// Labelled datasets are indexed when somebody first looks at their rows, as a job of the menu.
import "server-only";
import type { LabelledSet } from "../../db/tables/training-sets";
import { jobOf } from "../../jobs/background";
import type { IndexState } from "./labelled-schema";
import { indexRows, isIndexed } from "./row-index";

/** So many rows are indexed while a page is made. */
const mostAtOnce = 2000;

/** Whether the rows are indexed; few rows are before this answers. */
export async function isReady({ sha256, rows }: LabelledSet): Promise<boolean> {
  if (isIndexed(sha256)) return true;
  if (rows > mostAtOnce) return false;
  await indexRows(sha256, rows);
  return true;
}

/** Starts the index where there is none and none is being made; one that failed or was cancelled only where it is asked for again. */
export function indexOf({ id, name, sha256, rows }: LabelledSet, again = false): IndexState {
  if (isIndexed(sha256)) return { ready: true, said: "", progress: 1, error: null };
  const about = { kind: "import", title: `Index of ${name}`, href: `/datasets/labelled/${id}/records` } as const;
  return jobOf(`index ${sha256}`, about, (job) => indexRows(sha256, rows, job), again ? "again" : "once");
}
