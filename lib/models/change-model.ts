// A base model's name here, and whether the list shows it. Its files stay as they are.
import "server-only";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { isBundled } from "../../common/model-paths";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { models } from "../db/tables/models";
import { runs } from "../db/tables/runs";
import type { ModelChange } from "./models-schema";

export function changeModel({ source, name, removed }: ModelChange, now: number): void {
  const isNamed = sql`json_extract(${runs.config}, '$.model.source') = ${source}`;
  const isAdded = appDb()
    .select()
    .from(models)
    .where(and(eq(models.source, source), isNotNull(models.addedAt)))
    .get();
  if (!isBundled(source) && !isAdded && !appDb().select({ id: runs.id }).from(runs).where(isNamed).limit(1).get())
    throw new AppError(404, `${source} was not added, and no run was made of it.`);
  if (removed && isBundled(source))
    throw new AppError(400, `${source} comes with the workbench and stays in the list.`);
  const set = {
    ...(name !== undefined && { name }),
    ...(removed !== undefined && { removedAt: removed ? now : null }),
  };
  if (Object.keys(set).length === 0) return;
  appDb()
    .insert(models)
    .values({ source, ...set })
    .onConflictDoUpdate({ target: models.source, set })
    .run();
}
