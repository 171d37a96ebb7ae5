// Corpora that the page makes: each a folder of its own, filled by the command line as a job. What was interrupted goes on where it was.
import "server-only";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { dataFolder } from "../../common/env";
import { writeWhole } from "../../common/whole-file";
import { AppError } from "../../spec/errors";
import { FieldError } from "../../spec/field-error";
import { stagePath } from "../datasets/uploads/staged-files";
import { asJob, backgroundJobs } from "../jobs/background";
import type { Job } from "../jobs/job-schema";
import { reportOf } from "../jobs/workbench";
import { log } from "../logging/log";
import { type CorpusAbout, type CorpusState, type changedCorpus, corpusAbout } from "./corpora-schema";
import { corpusFolder } from "./corpus-folder";
import { type CorpusConfig, corpusReport } from "./corpus-schema";
import { scorerFiles } from "./quality";
import { sourceFiles } from "./reading/source-files";

const corpora = () => join(dataFolder(), "corpora");
const folderOf = (id: string) => join(corpora(), z.uuid().parse(id));
const outOf = (id: string) => join(folderOf(id), "out");
const configOf = (id: string) => join(folderOf(id), "config.json");

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { corpusJobs?: Map<string, string> };
const jobs = (): Map<string, string> => {
  shared.corpusJobs ??= new Map();
  return shared.corpusJobs;
};
/** A crawl takes a day. */
const longestMs = 7 * 86_400_000;

/** Newest first. */
export function listCorpora(): CorpusAbout[] {
  if (!existsSync(corpora())) return [];
  const ids = readdirSync(corpora()).filter((id) => z.uuid().safeParse(id).success && existsSync(aboutOf(id)));
  return ids.map(readAbout).sort((a, b) => b.at - a.at);
}

const aboutOf = (id: string) => join(folderOf(id), "about.json");

function readAbout(id: string): CorpusAbout {
  if (!existsSync(aboutOf(id))) throw new AppError(404, "This corpus is gone.");
  return corpusAbout.parse(JSON.parse(readFileSync(aboutOf(id), "utf8")));
}

const jobOf = (id: string): Job | undefined => backgroundJobs().find((job) => job.id === jobs().get(id));
const isRunning = (job: Job | undefined): boolean => job?.endedAt === null;

export function stateOfCorpus(id: string): CorpusState {
  const about = readAbout(id);
  const job = jobOf(id);
  if (job?.endedAt === null) {
    const { said, progress } = job;
    return { ...about, work: { job: job.id, said, progress }, error: null, report: null };
  }
  const error = job?.status === "stopped" ? "Cancelled in the jobs menu." : (job?.error ?? null);
  return { ...about, work: null, error, report: corpusFolder(outOf(id)).readReport() };
}

/** Older ones say who began them. */
export const forgetBeginners = (): void => {
  for (const about of listCorpora()) writeWhole(aboutOf(about.id), JSON.stringify(about));
};

/** Begins it; says at once where there is nothing to read. */
export function beginCorpus(about: Omit<CorpusAbout, "id">): string {
  sourceFiles([about.folder]);
  scorerFiles(about.config);
  const id = crypto.randomUUID();
  mkdirSync(folderOf(id), { recursive: true });
  writeWhole(configOf(id), JSON.stringify(about.config));
  writeWhole(aboutOf(id), JSON.stringify({ id, ...about }));
  work(readAbout(id));
  return id;
}

/** Goes on with it, takes documents back in that no rule is to drop, and takes another least score. */
export function goOn(id: string, { restore, min }: z.output<typeof changedCorpus>): void {
  const about = readAbout(id);
  if (isRunning(jobOf(id))) throw new AppError(409, "This corpus is being made already.");
  const { quality } = about.config;
  if (min !== undefined && quality === null) throw new FieldError("min", "no reward model scores this corpus");
  const config: CorpusConfig = {
    ...about.config,
    keep: [...new Set([...about.config.keep, ...restore])].sort(),
    quality: quality && { ...quality, min: min === undefined ? quality.min : min },
  };
  writeWhole(configOf(id), JSON.stringify(config));
  writeWhole(aboutOf(id), JSON.stringify({ ...about, config }));
  work(about);
}

function work({ id, name, folder }: CorpusAbout): void {
  const about = { kind: "corpus", title: `Corpus ${name}`, href: `/datasets/add/documents?corpus=${id}` } as const;
  const running = asJob(about, (job) => {
    jobs().set(id, job.id);
    const options = { out: outOf(id), config: configOf(id) };
    return reportOf(corpusReport, ["corpus", folder], { entry: "lib/cli.ts", options, timeoutMs: longestMs, job });
  });
  running.catch((error: unknown) => log().error({ err: error }, about.title));
}

/** Its texts as files on their way into a dataset, as if somebody had named their folder on the page that adds data. */
export function stageTexts(id: string): string {
  const { report } = stateOfCorpus(id);
  if (!report || report.kept.documents === 0) throw new AppError(409, "This corpus has no texts yet.");
  const upload = crypto.randomUUID();
  stagePath(upload, corpusFolder(outOf(id)).texts);
  return upload;
}

export function removeCorpus(id: string): void {
  if (isRunning(jobOf(id))) throw new AppError(409, "This corpus is being made; cancel that first.");
  rmSync(folderOf(readAbout(id).id), { recursive: true, force: true });
}
