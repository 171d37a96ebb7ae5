// What endpoints cost: kept with each answer, and refused beyond the cap.
import { eq, sql } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { type Endpoint, type EndpointAnswer, endpointAnswers, endpoints } from "../db/tables/endpoints";
import { dollarWords } from "./endpoint-schema";

/** Requests that are under way when the cap is reached are still paid for. */
export function requireBelowCap({ id, name, spendingCap }: Endpoint): void {
  if (spendingCap === null) return;
  const { spent } = appDb().select({ spent: endpoints.spent }).from(endpoints).where(eq(endpoints.id, id)).get()!;
  if (spent < spendingCap) return;
  throw new AppError(
    409,
    `Endpoint ${name} has spent ${dollarWords(spent)}, and its cap is ${dollarWords(spendingCap)}: nothing more is asked of it until the cap is raised under Settings, Endpoints.`,
  );
}

export const keepAnswer = (answer: Omit<EndpointAnswer, "id">): Promise<void> =>
  retryOnBusyAsync(() =>
    appDb().transaction(
      (tx) => {
        tx.insert(endpointAnswers).values(answer).run();
        tx.update(endpoints)
          .set({ spent: sql`${endpoints.spent} + ${answer.cost}`, requests: sql`${endpoints.requests} + 1` })
          .where(eq(endpoints.id, answer.endpointId))
          .run();
      },
      { behavior: "immediate" },
    ),
  );
