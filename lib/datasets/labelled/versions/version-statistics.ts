// Statistics of the newest version of a labelled dataset whose rows somebody changed: made at once where there are few rows, else as a job
// that somebody starts. Kept beside the other caches, and can be deleted at any time.
import "server-only";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { dataFolder } from "../../../../common/env";
import { readRow } from "../../../../common/rows/formats";
import { turns } from "../../../../common/turns";
import type { LabelledSet } from "../../../db/tables/training-sets";
import { jobOf } from "../../../jobs/background";
import type { Watch } from "../../../watch";
import { isReady } from "../index-work";
import type { IndexState } from "../labelled-schema";
import { statisticsOf } from "../row-index";
import { shownRow } from "../row-preview";
import { countedRows, type RowStatistics, rowStatistics } from "../row-statistics";
import { versionRows } from "./version-rows";
import { newestVersion } from "./versions";

const kept = z.object({ version: z.number(), statistics: rowStatistics });

/** So many rows are counted while a page is made. */
const mostAtOnce = 2000;
/** Rows between two looks at who else waits. */
const atOnce = 500;

const fileOf = (id: number) => join(dataFolder(), "indexes", `labelled-${id}.statistics.json`);

/** Those that were made last, with the version that they are of: the import's where none were. Null before its rows are indexed. */
export async function newestStatistics(
  set: LabelledSet,
): Promise<{ version: number; statistics: RowStatistics } | null> {
  const { number } = newestVersion(set);
  if (number > 1 && set.rows <= mostAtOnce && madeOf(set)?.version !== number) await countVersion(set, {});
  const made = number > 1 ? madeOf(set) : null;
  if (made) return made;
  return (await isReady(set)) ? { version: 1, statistics: statisticsOf(set.sha256) } : null;
}

function madeOf({ id }: LabelledSet): z.infer<typeof kept> | null {
  if (!existsSync(fileOf(id))) return null;
  const read = kept.safeParse(JSON.parse(readFileSync(fileOf(id), "utf8")));
  return read.success ? read.data : null;
}

export async function countVersion(set: LabelledSet, { says, cancelled }: Watch): Promise<void> {
  const { number: version, rows } = newestVersion(set);
  const counted = countedRows();
  const turn = turns();
  try {
    let done = 0;
    for await (const { line } of versionRows(set, version)) {
      counted.add(shownRow(readRow(JSON.parse(line))));
      await turn();
      if (++done % atOnce !== 0) continue;
      cancelled?.throwIfAborted();
      says?.(`${done} of ${rows} rows counted`);
    }
    const draft = `${fileOf(set.id)}.${crypto.randomUUID()}.tmp`;
    mkdirSync(dirname(draft), { recursive: true });
    writeFileSync(draft, JSON.stringify({ version, statistics: counted.total() } satisfies z.infer<typeof kept>));
    renameSync(draft, fileOf(set.id));
  } finally {
    counted.close();
  }
}

/** Whether those of the newest version are there, or how far they are; `start` makes them. */
export function statisticsState(set: LabelledSet, start: "no" | "again"): IndexState {
  if (madeOf(set)?.version === newestVersion(set).number) return { ready: true, said: "", progress: 1, error: null };
  const about = {
    kind: "data check",
    title: `Statistics of ${set.name}`,
    href: `/datasets/labelled/${set.id}`,
  } as const;
  return jobOf(`statistics ${set.id}`, about, (job) => countVersion(set, job), start);
}
