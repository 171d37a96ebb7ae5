// Who was given a role on a dataset, and whether it is for them alone.
import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { users } from "../db/tables/accounts";
import { datasetRoles } from "../db/tables/dataset-roles";
import type { DatasetPeople, DatasetPeopleChange } from "./dataset-people-schema";
import { type DatasetRef, isRestricted, rolesOn, tableOf } from "./dataset-roles";
import { requireMember } from "./members";

export function peopleOf(dataset: DatasetRef): DatasetPeople {
  const named = new Map(
    appDb()
      .select()
      .from(datasetRoles)
      .where(rolesOn(dataset))
      .all()
      .map(({ userId, role }) => [userId, role]),
  );
  const all = appDb().select().from(users).where(isNull(users.deactivatedAt)).orderBy(users.name).all();
  return {
    restricted: isRestricted(dataset),
    people: all.flatMap(({ id: userId, name }) => {
      const role = named.get(userId);
      return role === undefined ? [] : [{ userId, name, role }];
    }),
    others: all.flatMap(({ id: userId, name, role }) => (named.has(userId) ? [] : [{ userId, name, role }])),
  };
}

/** Holds from everybody's next request on. */
export function changePeople(dataset: DatasetRef, change: DatasetPeopleChange): DatasetPeople {
  if ("restricted" in change) {
    const table = tableOf(dataset.kind);
    appDb().update(table).set({ restricted: change.restricted }).where(eq(table.id, dataset.id)).run();
    return peopleOf(dataset);
  }
  const { userId, role } = change;
  const member = requireMember(userId);
  if (member.role === "owner")
    throw new AppError(409, `${member.name} is an owner of the workbench, and so of every dataset in it.`);
  const { kind, id: datasetId } = dataset;
  if (role === null)
    appDb()
      .delete(datasetRoles)
      .where(and(rolesOn(dataset), eq(datasetRoles.userId, userId)))
      .run();
  else
    appDb()
      .insert(datasetRoles)
      .values({ userId, kind, datasetId, role })
      .onConflictDoUpdate({ target: [datasetRoles.userId, datasetRoles.kind, datasetRoles.datasetId], set: { role } })
      .run();
  return peopleOf(dataset);
}
