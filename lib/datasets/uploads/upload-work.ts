// What takes long of an upload, as a job: fetching from the Hub, and the import itself. Cancelled, it leaves nothing.
import "server-only";
import { AppError } from "../../../spec/errors";
import { asJob, backgroundJobs, cancelJob, type JobHandle } from "../../jobs/background";
import { log } from "../../logging/log";
import { addLabelled, addPairs } from "../add/add-dataset";
import type { HubSource } from "../add/hub-files";
import type { Provenance } from "../add/provenance";
import { noFiles, type Staged, stagedFiles, stagedSource, stageHub, unstage } from "./staged-files";
import type { UploadImport, UploadReport, UploadState } from "./uploads-schema";

interface Work {
  job: string;
  /** With which it began: while it lasts it is asked for often. */
  staged: Staged;
  report: UploadReport | null;
}

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { uploadWork?: Map<string, Work> };
const works = (): Map<string, Work> => {
  shared.uploadWork ??= new Map();
  return shared.uploadWork;
};
/** Uploads that are still told of. */
const mostKept = 50;

export function uploadStateOf(upload: string): UploadState {
  const work = works().get(upload);
  const job = backgroundJobs().find(({ id }) => id === work?.job);
  if (!work || !job) return { ...stagedFiles(upload), work: null };
  const { id, status, said, progress, error, endedAt } = job;
  const { report } = work;
  const staged = endedAt === null ? work.staged : stagedFiles(upload);
  return { ...staged, work: { job: id, status, said, progress, error, report } };
}

export function startFetching(upload: string, hub: HubSource): void {
  start(upload, `Fetching ${hub.id}`, { ...noFiles, title: hub.id }, async (watch) => {
    await stageHub(upload, hub, watch);
    return null;
  });
}

export function startImport(
  upload: string,
  { name, as, mapping, question }: UploadImport,
  by: Provenance["by"],
  now: number,
): void {
  const source = stagedSource(upload);
  const added = { name, mapping, by };
  start(upload, `Import of ${name}`, stagedFiles(upload), async (watch) => {
    const report: UploadReport =
      as === "labelled"
        ? { labelled: await addLabelled(source, added, now, watch) }
        : { annotate: await addPairs(source, { ...added, keepsLabels: as === "both", question }, now, watch) };
    unstage(upload);
    return report;
  });
}

/** Ends what is going on; the files go with it. Refused once what was imported cannot be taken back. */
export function giveUp(upload: string): void {
  const job = backgroundJobs().find(({ id }) => id === works().get(upload)?.job);
  if (job && job.endedAt === null) cancelJob(job.id);
  unstage(upload);
}

function start(
  upload: string,
  title: string,
  staged: Work["staged"],
  work: (job: JobHandle) => Promise<UploadReport | null>,
): void {
  const before = works().get(upload);
  const isBusy = backgroundJobs().some(({ id, endedAt }) => id === before?.job && endedAt === null);
  if (isBusy) throw new AppError(409, "These files are being read already.");
  const running = asJob({ kind: "import", title, href: `/datasets/add?upload=${upload}` }, async (job) => {
    job.begins();
    const own: Work = { job: job.id, staged, report: null };
    works().set(upload, own);
    for (const old of [...works().keys()].slice(0, -mostKept)) works().delete(old);
    own.report = await work(job);
  });
  running.catch((error: unknown) => {
    if (!(error instanceof AppError) && (error as Error).name !== "AbortError") log().error({ err: error }, title);
  });
}
