import { z } from "zod";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { changeModel } from "@/lib/models/change-model";
import { describeModel } from "@/lib/models/describe-model";
import { listModels } from "@/lib/models/list-models";
import { adding, knownModel, modelChange, newModel } from "@/lib/models/models-schema";
import { startAdding, startWriting } from "@/lib/models/start-adding";
import { modelLook } from "@/spec/reports";

const query = z.object({ source: z.string().trim().min(1).max(4096).optional() });

/** Every model; with `source`, what a model is that the launch form names, or what is wrong with it. */
export const GET = handle(
  "read",
  { query, answer: z.union([z.array(knownModel), modelLook]) },
  async ({ query: { source } }) => (source === undefined ? await listModels() : await describeModel(source)),
);

/** Adds a base model; the job that is answered fetches it where it is the Hub's, or writes it where it is a copy with another chat template. */
export const POST = handle("write", { body: newModel, answer: adding, status: 202 }, async ({ body: model }) => {
  const { source, name = null } = model;
  const job = "template" in model ? startWriting(source, model.name, model.template) : startAdding(source, name);
  return { job: await job };
});

/** Names a base model, or takes it out of the list. */
export const PATCH = handle("write", { body: modelChange, answer: z.array(knownModel) }, async ({ body: change }) => {
  await retryOnBusyAsync(() => changeModel(change, Date.now()));
  return listModels();
});
