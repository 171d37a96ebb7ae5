import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Refusal, say } from "../../common/command-line";
import { operations } from "../../lib/api/operations";
import { type DatasetOptions, dataset, mappingIn, sourceOf } from "../../lib/commands/dataset";
import { tellImport } from "../../lib/commands/import-report";
import type { UploadState } from "../../lib/datasets/uploads/uploads-schema";
import { usualName } from "../../spec/row-files";
import { ask } from "../ask";
import { bytesOf, filesIn } from "../files";
import { rememberedServer, type Server } from "../servers";

type UploadId = { upload: string };

/** Files are sent one by one under an id of this upload's own; then they are imported together. */
export const remoteDataset = dataset.action(async (_: "add", what: string[], options: DatasetOptions) => {
  const server = rememberedServer();
  const source = await sourceOf(what, options);
  const mapping = await mappingIn(options.mapping);
  const params = { upload: randomUUID() };
  if ("hub" in source) {
    await ask(server, operations.nameSource, { params, body: { hub: source.hub } });
    await ended(server, params);
  } else {
    for (const { path, name } of what.flatMap(filesIn))
      await ask(server, operations.sendFile, { params, query: { file: name }, file: await bytesOf(path) });
    await chooseSplit(server, params, options);
  }
  const { as = "labelled", question, name = "hub" in source ? source.hub.id : usualName(what[0]!) } = options;
  await ask(server, operations.importUpload, { params, body: { name, as, mapping, question } });
  const { report } = await ended(server, params);
  if (!report) throw new Error(`${server.url} imported ${name}, and says nothing of it`);
  tellImport("labelled" in report ? report.labelled : report.annotate, null);
});

async function chooseSplit(server: Server, params: UploadId, { config, split }: DatasetOptions): Promise<void> {
  if (config === undefined && split === undefined) return;
  const { splits } = await ask(server, operations.upload, { params });
  const body = {
    config: config ?? splits.chosen?.config ?? "default",
    split: split ?? splits.chosen?.split ?? "train",
  };
  await ask(server, operations.chooseSplit, { params, body });
}

const lookMs = 300;

/** The work on an upload once it has ended; its progress is said meanwhile. */
async function ended(server: Server, params: UploadId): Promise<NonNullable<UploadState["work"]>> {
  for (let told = ""; ; await wait(lookMs)) {
    const { work } = await ask(server, operations.upload, { params });
    if (work === null) throw new Error(`${server.url} has forgotten the upload; was it started again meanwhile?`);
    if (work.said !== told && work.said !== "") say(work.said);
    told = work.said;
    if (work.status === "finished") return work;
    if (work.status === "failed") throw new Refusal(work.error ?? work.said);
    if (work.status === "stopped") throw new Refusal("the import was cancelled on the server");
  }
}
