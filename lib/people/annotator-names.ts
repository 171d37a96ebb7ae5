import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";

/** Everybody's name by id. */
export const annotatorNames = (): Map<number, string> =>
  new Map(
    appDb()
      .select()
      .from(annotators)
      .all()
      .map(({ id, name }) => [id, name]),
  );
