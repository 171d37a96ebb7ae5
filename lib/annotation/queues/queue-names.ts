// Names of datasets that are annotated: one each, as the command line and imports find them by it.
import { and, eq, isNull, ne } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";

const bearerOf = (name: string, except: number) =>
  appDb()
    .select({ id: queues.id })
    .from(queues)
    .where(and(eq(queues.name, name), isNull(queues.deletedAt), ne(queues.id, except)))
    .get();

/** Throws where another dataset has the name; deleted ones have none. */
export function requireFreeName(name: string, except = 0): void {
  if (!bearerOf(name, except)) return;
  const message = `Another dataset is called ${name}; give this one another name.`;
  throw new AppError(409, message, { problems: [{ path: "name", message }] });
}

export const isNameTaken = (name: string): boolean => bearerOf(name, 0) !== undefined;
