// A model that somebody names on a form, before a run is made of it.
import "server-only";
import { lookAtModel, type ModelLook } from "../../trainers/models/look";
import { AppError } from "../errors";
import { requireAllowedModel } from "./allowed";

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
