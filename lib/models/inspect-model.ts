// What the files of a model say of it, read by a program of its own: a large tokenizer takes seconds.
import "server-only";
import { type ModelFacts, modelFacts } from "../../spec/model-facts";
import { reportOf } from "../jobs/workbench";
import { requireAllowedModel } from "../runs/allowed";

export function inspectModel(source: string): Promise<ModelFacts> {
  requireAllowedModel("source", source);
  return reportOf(modelFacts, ["inspect-model", source]);
}
