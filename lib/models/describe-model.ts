// A model that somebody names on a form, before a run is made of it.
import "server-only";
import { AppError } from "../../spec/errors";
import { type ModelLook, modelLook } from "../../spec/reports";
import { workbench } from "../jobs/workbench";
import { requireAllowedModel } from "../runs/allowed";

const field = "model.source";

export async function describeModel(source: string): Promise<ModelLook> {
  requireAllowedModel(field, source);
  try {
    return modelLook.parse(JSON.parse(await workbench(["describe-model", source])));
  } catch (error) {
    if (!(error instanceof AppError) || error.status !== 400) throw error;
    throw new AppError(400, error.message, { cause: error, problems: [{ path: field, message: error.message }] });
  }
}
