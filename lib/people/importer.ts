// Annotators that stand on records beside the people, and count as none of them: *import*, who gave the labels that came with files, and judges.
import { eq, sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";

const name = "import";

/** Null before any label came with a file. */
export const knownImporter = (): number | null =>
  appDb().select({ id: annotators.id }).from(annotators).where(eq(annotators.kind, "import")).get()?.id ?? null;

/** The annotators that are models. */
export const knownJudges = (): Set<number> =>
  new Set(
    appDb()
      .select({ id: annotators.id })
      .from(annotators)
      .where(eq(annotators.kind, "judge"))
      .all()
      .map(({ id }) => id),
  );

/** The importer, made where there is none, under a name that nobody here has. */
export function importer(now: number): number {
  const known = knownImporter();
  if (known !== null) return known;
  const taken = appDb().select().from(annotators).where(sql`lower(${annotators.name}) = ${name}`).get();
  const row = { name: taken ? `${name} (files)` : name, kind: "import" as const, createdAt: now };
  return appDb().insert(annotators).values(row).returning().get().id;
}

/** A condition on a column that names an annotator: neither the importer nor a judge. */
export const isPerson = (annotatorId: unknown) =>
  sql`${annotatorId} NOT IN (SELECT id FROM annotators WHERE kind IN ('import', 'judge'))`;
