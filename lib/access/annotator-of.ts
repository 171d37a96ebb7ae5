// Whose annotations those of a new account are.
import { sql } from "drizzle-orm";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { translatedError } from "../messages/translated-error";

/** Nobody takes over another's annotations by their name: an owner's invitation says whose they get. */
export const newAnnotator = (name: string, now: number): Promise<number> =>
  retryOnBusyAsync(() =>
    appDb().transaction(
      (tx) => {
        if (tx.select().from(annotators).where(sql`lower(${annotators.name}) = lower(${name})`).get())
          throw translatedError(409, "error.annotationsTaken", { name });
        return tx.insert(annotators).values({ name, createdAt: now }).returning().get().id;
      },
      { behavior: "immediate" },
    ),
  );
