import "server-only";
import { and, eq, ne, sql } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { type Annotator, annotators } from "../db/tables/annotators";
import { translatedError } from "../messages/translated-error";

/** Another name for the same annotator. Annotations are stored under the number, so all of them stay theirs. */
export const rename = (id: number, name: string): Promise<Annotator> =>
  retryOnBusyAsync(() =>
    appDb().transaction(
      (tx) => {
        const person = tx.select().from(annotators).where(eq(annotators.id, id)).get();
        if (person && person.erasedAt !== null)
          throw new AppError(
            409,
            `${person.name} was erased, and the made-up name stays: another may say who they were.`,
          );
        const same = sql`lower(${annotators.name}) = lower(${name})`;
        const taken = tx
          .select()
          .from(annotators)
          .where(and(same, ne(annotators.id, id)))
          .get();
        if (taken) throw translatedError(409, "error.nameTaken", { name: taken.name });
        return tx.update(annotators).set({ name }).where(eq(annotators.id, id)).returning().get()!;
      },
      { behavior: "immediate" },
    ),
  );
