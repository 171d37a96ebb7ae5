// Adding a model as a job of the menu: fetching one of the Hub's may take long, and so may writing one.
import "server-only";
import { rm } from "node:fs/promises";
import { hubModel } from "../../common/hub-models";
import { AppError } from "../../spec/errors";
import { asJob, type JobHandle } from "../jobs/background";
import { log } from "../logging/log";
import { requireAllowedModel } from "../runs/allowed";
import { addModel } from "./add-model";
import { newFolder, writeWithTemplate } from "./with-template";

/** Returns the job's id once it has begun. Throws at a name that is none, or that requests may not read. */
export function startAdding(source: string, name: string | null): Promise<string> {
  if (source.startsWith("hub:") && hubModel(source) === null)
    throw new AppError(400, `${source} is no id of the Hub; hub:owner/name or hub:owner/name@revision is expected.`);
  requireAllowedModel("source", source);
  return begun(`Adding ${name ?? source}`, (job) => addModel(source, name, Date.now(), job));
}

/** The same of a copy with another chat template; nothing stays of one that cannot be used. Throws too where a model of this name was written before. */
export function startWriting(source: string, name: string, template: string): Promise<string> {
  requireAllowedModel("source", source);
  const folder = newFolder(name);
  return begun(`Writing ${name}`, async (job) => {
    try {
      await writeWithTemplate(source, folder, template, job);
      await addModel(folder, name, Date.now(), job, source);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  });
}

function begun(title: string, work: (job: JobHandle) => Promise<unknown>): Promise<string> {
  return new Promise((resolve) => {
    const running = asJob({ kind: "model", title, href: "/models" }, async (job) => {
      job.begins();
      resolve(job.id);
      await work(job);
    });
    running.catch((error: unknown) => {
      if (!(error instanceof AppError) && (error as Error).name !== "AbortError") log().error({ err: error }, title);
    });
  });
}
