// Adding a model as a job of the menu: fetching one of the Hub's may take long.
import "server-only";
import { hubModel } from "../../common/hub-models";
import { AppError } from "../../spec/errors";
import { asJob } from "../jobs/background";
import { log } from "../logging/log";
import { requireAllowedModel } from "../runs/allowed";
import { addModel } from "./add-model";

/** Returns the job's id once it has begun. Throws at a name that is none, or that requests may not read. */
export function startAdding(source: string, name: string | null): Promise<string> {
  if (source.startsWith("hub:") && hubModel(source) === null)
    throw new AppError(400, `${source} is no id of the Hub; hub:owner/name or hub:owner/name@revision is expected.`);
  requireAllowedModel("source", source);
  return new Promise((begun) => {
    const running = asJob({ kind: "model", title: `Adding ${name ?? source}`, href: "/models" }, async (job) => {
      job.begins();
      begun(job.id);
      await addModel(source, name, Date.now(), job);
    });
    running.catch((error: unknown) => {
      if (!(error instanceof AppError) && (error as Error).name !== "AbortError") log().error({ err: error }, source);
    });
  });
}
