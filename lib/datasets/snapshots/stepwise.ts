// Solutions whose first wrong step people named, in TRL's columns of stepwise supervision: what process reward models learn from.
import { stepsOf } from "../../../common/steps";
import type { Message } from "../../../spec/chat";
import type { Decided } from "../../annotation/judging/standing-votes";
import type { Beside } from "./criteria";
import type { ExportFilter } from "./export-filter";
import { eachDecided, type JudgedRow } from "./judged-answers";

export interface StepwiseRow extends Omit<JudgedRow, "prompt" | "completion" | "label"> {
  /** Text where it is one turn of a user, as TRL takes it. */
  prompt: string | Message[];
  /** Up to the first wrong one: what follows from that was not judged. */
  completions: string[];
  labels: boolean[];
}

/** Those on which the votes, a reviewer or the file decide. */
export function* eachStepwise(
  queueId: number,
  filter: ExportFilter,
  beside: Beside,
  wanted: (one: Decided) => boolean,
): Generator<StepwiseRow> {
  for (const { decided, row } of eachDecided(queueId, filter, beside, wanted)) {
    const judged = judgedSteps(decided);
    if (judged === null) continue;
    const { prompt, completion: _, label: _label, ...facts } = row;
    const labels = judged.map((_, i) => i + 1 !== decided.wrongStep);
    yield { prompt: askedOnce(prompt) ?? prompt, completions: judged, labels, ...facts };
  }
}

/** Null where the step that was named is there no more: the text has been edited since. */
function judgedSteps({ item, wrongStep }: Decided): string[] | null {
  const steps = stepsOf(item.first).map((step) => step.trim());
  if (wrongStep === null || wrongStep > steps.length) return null;
  return wrongStep === 0 ? steps : steps.slice(0, wrongStep);
}

/** The text of a prompt that is nothing else. */
function askedOnce([turn, ...more]: Message[]): string | null {
  const isPlain = more.length === 0 && turn!.role === "user" && Object.keys(turn!).length === 2;
  return isPlain ? turn!.content : null;
}
