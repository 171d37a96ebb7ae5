// An endpoint that grades completions one by one, asked by files as judges are: trainers know no endpoints. Rewards are asked for off the tape and in
// order, so the run stands still until the points are there.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../common/command-line";
import { writeWhole } from "../../common/whole-file";
import type { Grader } from "../../spec/fields/rewards";
import { type Graded, type GradingRequest, gradingAnswer, gradingFiles } from "../../spec/judging";
import type { ChatTokenizer } from "../models/tokenizer";
import type { FunctionRun } from "../programs/own-function";
import { pause } from "../programs/waiting";
import { type Answered, finalText } from "./answered";

export interface GradedRun extends FunctionRun {
  /** Tells whoever runs the workbench of a request; null where nobody listens. */
  waiting: ((asked: { round: number; request: string; answer: string }) => void) | null;
}

const pollMs = 50;
const mostPoints = 10;

/** A score from 0 to 1 for each completion, null where what the endpoint said could not be read. */
export function graderOf(
  { endpoint, rubric }: Grader,
  { output, waiting }: GradedRun,
): (completions: Graded[]) => (number | null)[] {
  if (waiting === null)
    throw new Refusal(`endpoint ${endpoint} grades the completions of runs of the workbench, and this is none`);
  const [request, answer] = [join(output, gradingFiles.request), join(output, gradingFiles.answer)];
  return (completions) => {
    if (completions.length === 0) return [];
    const id = randomUUID();
    rmSync(answer, { force: true });
    writeWhole(request, JSON.stringify({ id, endpoint, rubric, completions } satisfies GradingRequest));
    waiting({ round: 1, ...gradingFiles });
    for (;;) {
      const heard = existsSync(answer) ? gradingAnswer.parse(JSON.parse(readFileSync(answer, "utf8"))) : null;
      if (heard?.id !== id)
        pause(pollMs); // none yet, or that of an attempt before this one
      else if ("problem" in heard) throw new Error(heard.problem);
      else return heard.points.map((points) => points && points / mostPoints);
    }
  };
}

/** An answer after all that was said before it. */
export function graded(tokenizer: ChatTokenizer, answer: Answered): Graded {
  const { prompt, query, episode } = answer;
  const text = prompt ?? tokenizer.decode(query);
  const messages = typeof text === "string" ? [{ role: "user" as const, content: text }] : text;
  return { prompt: [...messages, ...(episode?.turns.slice(0, -1) ?? [])], answer: finalText(tokenizer, answer) };
}
