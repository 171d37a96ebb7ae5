// What `workbench pack` wrote of a run, where it is on the list of models.
import "server-only";
import { existsSync } from "node:fs";
import { and, eq, isNull } from "drizzle-orm";
import { appDb } from "../db/client";
import { models } from "../db/tables/models";

/** Folders; `madeOf`: that of the run's model or adapter. */
export const packedOf = (madeOf: string): string[] =>
  appDb()
    .select()
    .from(models)
    .where(and(eq(models.madeOf, madeOf), isNull(models.removedAt)))
    .all()
    .filter(({ look, source }) => look?.packed && existsSync(/* turbopackIgnore: true */ source))
    .map(({ source }) => source);
