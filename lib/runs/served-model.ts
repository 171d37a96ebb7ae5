// Which model a request of OpenAI's API names: `base:MODEL`, `run:ID`, or `run:ID@STEP` for a checkpoint.
import "server-only";
import { isWholeModel } from "../../common/whole-model";
import { AppError } from "../../spec/errors";
import { heldInFull } from "../../spec/fields/model";
import { methodOf } from "../../spec/methods/all";
import type { ServedModel } from "../serving/warm-server";
import { adapterAt, baseSubject, subjectOf } from "./chat-subject";
import { requireRun } from "./require-run";

export function servedModel(name: string): ServedModel {
  const [, kind, id, step] = /^(base|run):(.+?)(?:@(\d+))?$/.exec(name) ?? [];
  if (kind === undefined || id === undefined)
    throw new AppError(404, `There is no model ${name}; name a run:ID, a checkpoint as run:ID@STEP, or a base:MODEL.`);
  if (kind === "base") return modelOf(baseSubject(name.slice("base:".length)), null);
  if (methodOf(requireRun(id)).produces !== "policy")
    throw new AppError(400, `Run ${id} trained a reward model, which writes nothing; choose another run.`);
  return modelOf(id, step === undefined ? null : Number(step));
}

/** What answers for somebody to chat with, at a step: where every weight was trained that is a base of its own. */
export function modelOf(subjectId: string, step: number | null): ServedModel {
  const subject = subjectOf(subjectId);
  const folder = adapterAt(subject, step);
  const { dtype = "float32", source } = subject.model;
  if (folder !== null && isWholeModel(folder)) return { source: folder, dtype, ...heldInFull, adapter: null };
  return { source, dtype, ...subject.held, adapter: folder };
}
