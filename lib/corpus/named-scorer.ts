// A reward model that a config names as a run, as the folder of what that run left.
import "server-only";
import { modelPath } from "../../common/model-paths";
import { isWholeModel } from "../../common/whole-model";
import { FieldError } from "../../spec/field-error";
import { methodOf } from "../../spec/methods/all";
import { requireAllowedModel } from "../runs/allowed";
import { withFolders } from "../runs/references";
import { requireRun } from "../runs/require-run";
import type { CorpusConfig } from "./corpus-schema";

/** The config with `run:ID` as a folder, and the model that the run was trained on. */
export function withScorer(config: CorpusConfig): CorpusConfig {
  const { quality } = config;
  const id = quality && /^run:(\w+)$/.exec(quality.model)?.[1];
  if (!quality || !id) return config;
  const { name, status, method, config: trained } = requireRun(id);
  const refuse = (why: string) =>
    new FieldError("quality.model", `run ${name} ${why}; choose a reward model that is finished`);
  if (methodOf({ method }).produces !== "reward-model") throw refuse("has trained no reward model");
  const { config: found, after } = withFolders({ model: quality.model });
  if (after.length > 0) throw refuse(`is ${status}`);
  const { model } = found as { model: string };
  return { ...config, quality: { ...quality, model, base: quality.base ?? trained.model.source } };
}

/** Throws where a request names files of a reward model that it may not read; those of an adapter would name any model as their base. */
export function requireAllowedScorer({ quality }: CorpusConfig): void {
  if (quality === null) return;
  requireAllowedModel("config.quality.model", quality.model);
  if (quality.base !== null) requireAllowedModel("config.quality.base", quality.base);
  else if (!isWholeModel(modelPath(quality.model)))
    throw new FieldError("config.quality.base", `name the model that ${quality.model} stands on`);
}
