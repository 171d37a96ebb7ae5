// Chat templates that somebody writes: rows seen in one, and a model that has it. The trainers' programs render and write.
import "server-only";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { dataFolder } from "../../common/env";
import { AppError } from "../../spec/errors";
import { type RenderedRows, renderedRows } from "../../spec/reports";
import { dataFile } from "../datasets/data-files";
import { retryOnBusyAsync } from "../db/busy";
import type { JobHandle } from "../jobs/background";
import { reportOf, workbench } from "../jobs/workbench";
import { requireAllowedModel } from "../runs/allowed";
import { freezerFor } from "../runs/freeze-elsewhere";
import { rowsOfSet } from "../runs/rows-of-set";
import type { rowsInput } from "./models-schema";

const shown = 5;
/** Of rows that are seen and not learned from, every way to decide is as good as another. */
const config = { method: "sft" };

/** The first rows of a dataset, token by token. */
export async function rowsInTemplate(
  { source, template, data }: z.infer<typeof rowsInput>,
  now: number,
  cancelled: AbortSignal,
): Promise<RenderedRows> {
  requireAllowedModel("source", source);
  const freeze = await freezerFor({ data, config }, now);
  const file = dataFile(await retryOnBusyAsync(() => rowsOfSet(data, config, freeze)));
  return withTemplateFile(template, (path) => {
    const options = { count: String(shown), ...(path !== null && { template: path }) };
    return reportOf(renderedRows, ["render-rows", source, file], { options, cancelled });
  });
}

/** Where a model of this name is written. Throws where there is one. */
export function newFolder(name: string): string {
  const words = name.toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, "-");
  const folder = join(dataFolder(), "models", words.replace(/^[-.]+|[-.]+$/g, "") || "model");
  if (existsSync(folder)) throw new AppError(409, `${folder} is there already; give the new model another name.`);
  return folder;
}

/** Writes a copy of the model whose chat template it is. Throws where it cannot be used. */
export async function writeWithTemplate(
  source: string,
  folder: string,
  template: string,
  job: JobHandle,
): Promise<void> {
  job.says("Writing its weights");
  await withTemplateFile(template, (path) =>
    workbench(["set-template", source, folder], { options: { template: path! }, job }),
  );
}

async function withTemplateFile<T>(template: string | null, work: (path: string | null) => Promise<T>): Promise<T> {
  if (template === null) return work(null);
  const folder = await mkdtemp(join(tmpdir(), "workbench-template-"));
  try {
    const path = join(folder, "chat_template.jinja");
    await writeFile(path, template);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
