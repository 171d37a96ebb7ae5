// A run's model on the Hugging Face Hub: its adapter or the merged model, with its model card, as one commit.
import "server-only";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Uploaded, uploadModel } from "../hub-upload";
import { asJob } from "../jobs/background";
import { adapterFiles, mergedFiles } from "./model-files";
import type { PushInput } from "./push-schema";
import { requireRun } from "./require-run";

export async function pushModel(id: string, input: PushInput): Promise<Uploaded> {
  const { form, at, dtype, repository } = input;
  const run = requireRun(id);
  return asJob({ kind: "export", title: `${run.name} to ${repository}`, href: `/runs/${id}` }, async (job) => {
    job.begins();
    const model = form === "adapter" ? adapterFiles(run, at) : await mergedFiles(run, at, { dtype }, job);
    try {
      const files = model.names.map((path) => ({ path, content: pathToFileURL(join(model.folder, path)) }));
      const card = { path: "README.md", content: new Blob([model.card]) };
      const title = `${run.name}${at === "last" ? "" : `, ${at === "best" ? "best step" : `step ${at}`}`}`;
      return await uploadModel({ repository, isPrivate: input.private, files: [card, ...files], title }, job);
    } finally {
      await model.done();
    }
  });
}
