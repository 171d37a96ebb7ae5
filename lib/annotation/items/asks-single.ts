// Whether annotators of a queue are shown one answer at a time. All its records are single answers then, and none is elsewhere.
import { eq } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { type Queue, queues } from "../../db/tables/queues";

export const asksSingle = (queueId: number): boolean =>
  appDb().select({ mode: queues.mode }).from(queues).where(eq(queues.id, queueId)).get()?.mode === "single";

/** Throws where a queue that is there already asks something else of its answers. */
export function requireSameQuestion({ name, mode }: Pick<Queue, "name" | "mode">, single: boolean): void {
  if ((mode === "single") === single) return;
  const [here, asked] = single
    ? ["compares answers", "one answer at a time"]
    : ["judges one answer at a time", "pairs"];
  throw new AppError(409, `${name} ${here}, and these records are ${asked}; give them a dataset of their own.`);
}
