// A model that somebody names on a form, before a run is made of it.
import type { ModelLook } from "../../spec/reports";
import "server-only";
import { AppError } from "../../spec/errors";
import { lookAtModel } from "../../trainers/models/look";
import { requireAllowedModel } from "../runs/allowed";

const field = "model.source";

export async function modelLook(source: string): Promise<ModelLook> {
  requireAllowedModel(field, source);
  try {
    return await lookAtModel(source);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError(400, message, { cause: error, problems: [{ path: field, message }] });
  }
}
