// What people may do with single datasets. Unmarked: rules that trainers and commands share ask here too, where everything is permitted.
import { and, eq, inArray, or } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { may, type Permission, permitted, type Role } from "../../spec/roles";
import { appDb } from "../db/client";
import { datasetKinds, datasetRoles } from "../db/tables/dataset-roles";
import { queues } from "../db/tables/queues";
import { labelledSets } from "../db/tables/training-sets";
import { translatedError } from "../messages/translated-error";
import { askedNow, asServer, type CurrentUser } from "./asked";

export type DatasetKind = (typeof datasetKinds)[number];
export interface DatasetRef {
  kind: DatasetKind;
  id: number;
}

/** Where datasets of a kind stand. */
export const tableOf = (kind: DatasetKind) => (kind === "annotate" ? queues : labelledSets);

/** The roles that were given on a dataset. */
export const rolesOn = ({ kind, id }: DatasetRef) => and(eq(datasetRoles.kind, kind), eq(datasetRoles.datasetId, id));

/** A dataset's row, or what of it says whom it is for. */
interface Row {
  id: number;
  restricted: boolean;
}

/** Owners of the workbench are owners of all that is in it; on one's own machine that is everybody. */
const ownsAll = (user: CurrentUser): boolean => user.role === "owner" || user.id === null;

/** The role that somebody was given on a dataset, else the one that they have anyway; null where it is for named people alone. */
export function roleOn(user: CurrentUser, { kind, id }: DatasetRef): Role | null {
  if (ownsAll(user)) return user.role;
  const named = namedRoles(user, kind).get(id);
  return named ?? (isRestricted({ kind, id }) ? null : user.role);
}

/** The same of many people, whose roles are read at once. */
export function rolesWith(dataset: DatasetRef): (user: CurrentUser) => Role | null {
  const given = appDb().select().from(datasetRoles).where(rolesOn(dataset)).all();
  const named = new Map(given.map(({ userId, role }) => [userId, role]));
  const restricted = isRestricted(dataset);
  return (user) => (ownsAll(user) ? user.role : (named.get(user.id!) ?? (restricted ? null : user.role)));
}

const namedRoles = ({ id }: CurrentUser, kind: DatasetKind): Map<number, Role> =>
  new Map(
    appDb()
      .select({ id: datasetRoles.datasetId, role: datasetRoles.role })
      .from(datasetRoles)
      .where(and(eq(datasetRoles.userId, id!), eq(datasetRoles.kind, kind)))
      .all()
      .map((row) => [row.id, row.role]),
  );

export function isRestricted({ kind, id }: DatasetRef): boolean {
  const table = tableOf(kind);
  return (
    appDb().select({ restricted: table.restricted }).from(table).where(eq(table.id, id)).get()?.restricted ?? false
  );
}

/** Those of some datasets that whoever asks may see, or has another permission on. */
export function openDatasets<Dataset extends Row>(
  kind: DatasetKind,
  rows: Dataset[],
  permission: Permission = "signed in",
): Dataset[] {
  const asked = askedNow();
  if (asked === null || (asked.user && ownsAll(asked.user))) return rows;
  const { user } = asked;
  if (user === null) return [];
  const named = namedRoles(user, kind);
  return rows.filter(({ id, restricted }) =>
    may(named.get(id) ?? (restricted ? null : user.role), permission, user.scopes),
  );
}

/** Those that whoever asks may not read, though they may read others. */
export function closedDatasets(): DatasetRef[] {
  const user = askedNow()?.user;
  if (!user || ownsAll(user)) return [];
  return datasetKinds.flatMap((kind) => {
    const named = namedRoles(user, kind);
    const table = tableOf(kind);
    const special = or(eq(table.restricted, true), inArray(table.id, [...named.keys()]));
    const rows = appDb().select({ id: table.id, restricted: table.restricted }).from(table).where(special).all();
    return rows.flatMap(({ id, restricted }) =>
      may(named.get(id) ?? (restricted ? null : user.role), "read") ? [] : [{ kind, id }],
    );
  });
}

/** Whether whoever asks may do this with a dataset. */
export function isOpen(dataset: DatasetRef, permission: Permission = "signed in"): boolean {
  const asked = askedNow();
  return asked === null || (asked.user !== null && may(roleOn(asked.user, dataset), permission, asked.user.scopes));
}

/** A dataset that one may not even see is none. */
export function requireOpen(dataset: DatasetRef, permission: Permission): void {
  if (!isOpen(dataset)) throw noDataset(dataset);
  if (!isOpen(dataset, permission))
    throw new AppError(403, `This needs the permission to ${permission} on dataset ${dataset.id}.`);
}

export const noDataset = ({ kind, id }: { kind: DatasetKind; id: number | string }): AppError =>
  kind === "annotate"
    ? translatedError(404, "error.noDataset", { id })
    : new AppError(404, `There is no labelled dataset ${id}.`);

/** With what role somebody asks for a permission: on a dataset, or in the workbench. To annotate, whoever is to annotate any of its datasets. */
export function roleFor(user: CurrentUser | null, permission: Permission, dataset: DatasetRef | null): Role | null {
  if (user === null) return null;
  if (dataset !== null) return asServer(() => roleOn(user, dataset));
  return permission === "annotate" && asServer(() => annotatesSomewhere(user)) ? "annotator" : user.role;
}

/** What somebody may, on a dataset or in the workbench, as pages say it. */
export const permittedTo = (user: CurrentUser | null, dataset: DatasetRef | null = null): string =>
  permitted((permission) => may(roleFor(user, permission, dataset), permission));

const annotatesSomewhere = (user: CurrentUser): boolean =>
  may(user.role, "annotate") || [...namedRoles(user, "annotate").values()].some((role) => may(role, "annotate"));

/** A copy is for whom the original is for. */
export function copyRoles(dataset: DatasetRef, copy: DatasetRef): void {
  const given = appDb().select().from(datasetRoles).where(rolesOn(dataset)).all();
  if (given.length > 0)
    appDb()
      .insert(datasetRoles)
      .values(given.map((one) => ({ ...one, kind: copy.kind, datasetId: copy.id })))
      .run();
}

/** What is made of a dataset is for whom that is for. */
export function shareAs(dataset: DatasetRef, made: DatasetRef): void {
  const table = tableOf(made.kind);
  const restricted = isRestricted(dataset);
  appDb().transaction((tx) => {
    tx.update(table).set({ restricted }).where(eq(table.id, made.id)).run();
    copyRoles(dataset, made);
  });
}
