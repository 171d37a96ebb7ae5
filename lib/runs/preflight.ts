// A look at a run before it starts. Reading rows as the model will needs the trainers, so a process of its own does it.
import { type DryRun, dryRunReport, type PreflightReport, preflightReport } from "../../spec/reports";
import "server-only";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { withDataFiles } from "../datasets/data-files";
import { retryOnBusyAsync } from "../db/busy";
import { patienceMs, reportOf, reportsOf } from "../jobs/workbench";
import { freezerFor } from "./freeze-elsewhere";
import { type Described, later, launch, plan, resolveRun } from "./launch";
import type { LaunchInput, preflightInput } from "./run-schema";

/** What a run will learn from and need. Throws what would stop it, at its field. */
export async function preflight(
  input: z.infer<typeof preflightInput>,
  now: number,
  cancelled: AbortSignal,
): Promise<PreflightReport> {
  const [report] = await examined([await resolved(input, now)], cancelled);
  return report!;
}

/** Data are frozen for it, which writes. */
async function resolved(input: z.infer<typeof preflightInput>, now: number): Promise<Described> {
  const freeze = await freezerFor(input, now);
  return retryOnBusyAsync(() => resolveRun(input, join(tmpdir(), "unused"), freeze));
}

/** Launches what passes: a run that cannot work never gets into the queue. Of a sweep over seeds one is looked at. */
export async function launchExamined(
  input: LaunchInput,
  now: number,
  startedBy: number | null,
): Promise<{ id: string; ids: string[] }> {
  const freeze = await freezerFor(input, now);
  const planned = await retryOnBusyAsync(() => plan(input, now, freeze));
  const distinct = new Map(planned.map((one) => [withoutSeed(one), one]));
  const reports = await examined([...distinct.values()]);
  const peaks = new Map([...distinct.keys()].map((key, i) => [key, peakOf(reports[i]!)]));
  const withMemory = planned.map((one) => ({ ...one, memory: peaks.get(withoutSeed(one))! }));
  return retryOnBusyAsync(() => launch(withMemory, input, now, startedBy));
}

function withoutSeed({ config: { seed, output, ...looked } }: Described): string {
  return JSON.stringify(looked);
}

export const peakOf = ({ memory }: PreflightReport): number | null => memory?.peak ?? null;

/** Four steps of a run, tried. It takes the machine from whatever else trains. */
export async function dryRun(input: z.infer<typeof preflightInput>, now: number): Promise<DryRun> {
  const described = await resolved(input, now);
  return withFiles([described], (files) => reportOf(dryRunReport, ["dry-run", ...files]));
}

/** A report of each, in their order; one program looks at all, so that what they share is read once. */
export const examined = (described: Described[], cancelled?: AbortSignal): Promise<PreflightReport[]> =>
  withFiles(described, (files) =>
    reportsOf(preflightReport, ["preflight", ...files], {
      options: { later: described.flatMap(later) },
      timeoutMs: patienceMs * files.length,
      cancelled,
    }),
  );

/** Lets a program look at runs by their files, which are gone afterwards. */
async function withFiles<Report>(described: Described[], look: (files: string[]) => Promise<Report>): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "workbench-preflight-"));
  try {
    const files = described.map(({ config }, i) => ({ path: join(folder, `run-${i + 1}.json`), config }));
    for (const { path, config } of files) await writeFile(path, JSON.stringify(withDataFiles(config)));
    return await look(files.map(({ path }) => path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
