import { and, eq } from "drizzle-orm";
import { rowNumber } from "../../common/row-number";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { type Annotator, annotators } from "../db/tables/annotators";

/** The annotator of an address, or a 404 that names it; the one who gave the labels of files is nobody whom an address names. */
export function requirePerson(address: string): Annotator {
  const id = rowNumber(address) ?? 0;
  const person = appDb()
    .select()
    .from(annotators)
    .where(and(eq(annotators.id, id), eq(annotators.kind, "person")))
    .get();
  if (!person) throw new AppError(404, `There is no annotator ${address}.`);
  return person;
}
