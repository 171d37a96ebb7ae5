// A look at a run before it starts. Reading rows as the model will needs the trainers, so a process of its own does it.
import { type DryRun, dryRunReport, type PreflightReport, preflightReport } from "../../spec/reports";
import "server-only";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { withDataFiles } from "../datasets/data-files";
import { retryOnBusyAsync } from "../db/busy";
import { reportOf } from "../jobs/workbench";
import { freezerFor } from "./freeze-elsewhere";
import { type Described, later, launch, type Planned, plan, resolveRun } from "./launch";
import type { LaunchInput, preflightInput } from "./run-schema";

/** What a run will learn from and need. Throws what would stop it, at its field. */
export const preflight = async (
  input: z.infer<typeof preflightInput>,
  now: number,
  cancelled: AbortSignal,
): Promise<PreflightReport> => examined(await resolved(input, now), cancelled);

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
  const needed = new Map<string, number | null>();
  const withMemory: (Planned & { memory: number | null })[] = [];
  for (const one of planned) {
    const { seed, output, ...looked } = one.config;
    const key = JSON.stringify(looked);
    if (!needed.has(key)) needed.set(key, (await examined(one)).memory?.peak ?? null);
    withMemory.push({ ...one, memory: needed.get(key)! });
  }
  return retryOnBusyAsync(() => launch(withMemory, input, now, startedBy));
}

/** Four steps of a run, tried. It takes the machine from whatever else trains. */
export const dryRun = async (input: z.infer<typeof preflightInput>, now: number): Promise<DryRun> =>
  withFile(await resolved(input, now), (file) => reportOf(dryRunReport, ["dry-run", file]));

export const examined = (described: Described, cancelled?: AbortSignal): Promise<PreflightReport> =>
  withFile(described, (file) =>
    reportOf(preflightReport, ["preflight", file], { options: { later: later(described) }, cancelled }),
  );

/** Lets a program look at a run by its file, which is gone afterwards. */
async function withFile<Report>({ config }: Described, look: (file: string) => Promise<Report>): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "workbench-preflight-"));
  try {
    const file = join(folder, "run.json");
    await writeFile(file, JSON.stringify(withDataFiles(config)));
    return await look(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
