// What annotators of a queue are asked: to compare answers, or of one answer at a time whether it is good or where it goes wrong. All its
// records are single answers then, and none is elsewhere.
import { eq } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { isAlone, type Question, questionOf } from "../../../spec/queue-options";
import { appDb } from "../../db/client";
import { type Queue, queues } from "../../db/tables/queues";

const modeOf = (queueId: number): Queue["mode"] | undefined =>
  appDb().select({ mode: queues.mode }).from(queues).where(eq(queues.id, queueId)).get()?.mode;

export const asksSingle = (queueId: number): boolean => isAlone(modeOf(queueId) ?? "scale");
export const asksSteps = (queueId: number): boolean => modeOf(queueId) === "steps";

const here: Record<Question, string> = {
  compare: "compares answers",
  single: "judges one answer at a time",
  steps: "asks for the first wrong step",
};
const asked: Record<Question, string> = {
  compare: "pairs",
  single: "one answer at a time",
  steps: "solutions whose first wrong step is asked for",
};

/** Throws where a queue that is there already asks something else of its answers. */
export function requireSameQuestion({ name, mode }: Pick<Queue, "name" | "mode">, question: Question): void {
  if (questionOf(mode) === question) return;
  throw new AppError(
    409,
    `${name} ${here[questionOf(mode)]}, and these records are ${asked[question]}; give them a dataset of their own.`,
  );
}
