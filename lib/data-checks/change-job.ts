// Changes of many rows as a job of the menu, which shows how far they are and cancels them.
import "server-only";
import { asJob, backgroundJobs } from "../jobs/background";
import type { Watch } from "../watch";
import type { RowChangeInput, RowsChanged } from "./changes-schema";
import type { ChecksState } from "./checks-schema";
import { type Checked, rowsFound } from "./kept-findings";

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { rowChanges?: Map<string, string> };

/** Rows from which on it is worth a line in the jobs menu. */
const many = 1000;

const doing = {
  exclude: "Excluding",
  include: "Including",
  mask: "Masking",
  edit: "Editing",
  undo: "Undoing",
} as const;
const keyOf = ({ kind, id }: Checked) => `${kind}-${id}`;

export function changing(of: Checked): ChecksState["changing"] {
  const job = backgroundJobs().find(({ id }) => id === shared.rowChanges?.get(keyOf(of)));
  return job && job.endedAt === null ? { title: job.title, said: job.said, progress: job.progress } : null;
}

/** Small ones are done at once, without a job. How many an undo brings back is not known before. */
export function changeAsJob(
  of: Checked & { name: string; href: string },
  change: RowChangeInput,
  work: (watch: Watch) => Promise<RowsChanged>,
): Promise<RowsChanged> {
  if (change.action === "edit") return work({});
  if (change.action !== "undo") {
    const { length } = "rows" in change.of ? change.of.rows : rowsFound(of, change.of.check);
    if (length < many) return work({});
  }
  const title = `${doing[change.action]} ${of.kind === "queue" ? "records" : "rows"} of ${of.name}`;
  shared.rowChanges ??= new Map();
  const works = shared.rowChanges;
  return asJob({ kind: "data change", title, href: of.href }, (job) => {
    job.begins();
    works.set(keyOf(of), job.id);
    return work(job);
  });
}
