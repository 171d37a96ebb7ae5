// The endpoints of this workbench: named, changed, removed. Unmarked, so that the command line reads them in plain Node.
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { requireKeyOwner } from "../access/servers-asked";
import { appDb } from "../db/client";
import { type Endpoint, endpoints } from "../db/tables/endpoints";
import type { EndpointChange, EndpointDto, EndpointInput } from "./endpoint-schema";

const inUse = isNull(endpoints.removedAt);

export function listEndpoints(): EndpointDto[] {
  const rows = appDb().select().from(endpoints).where(inUse).orderBy(asc(endpoints.id)).all();
  return rows.map(({ createdAt, removedAt, nextTurnAt, ...shown }) => ({
    ...shown,
    hasKey: shown.keyVariable !== null && Boolean(process.env[shown.keyVariable]),
  }));
}

export function endpointOf(id: number): Endpoint {
  const found = appDb()
    .select()
    .from(endpoints)
    .where(and(eq(endpoints.id, id), inUse))
    .get();
  if (!found) throw new AppError(404, `There is no endpoint ${id}.`);
  return found;
}

/** By its name or its number. */
export function endpointNamed(wanted: string): Endpoint {
  const known = appDb().select().from(endpoints).where(inUse).orderBy(asc(endpoints.id)).all();
  const found =
    known.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()) ??
    known.find(({ id }) => String(id) === wanted);
  if (found) return found;
  const names = known.map(({ name }) => name).join(", ");
  throw new AppError(
    404,
    `There is no endpoint ${wanted}; ${names ? `there are ${names}` : "name one under Settings, Endpoints"}.`,
  );
}

export function addEndpoint(input: EndpointInput, now: number): number {
  if (input.keyVariable !== null) requireKeyOwner("keyVariable");
  requireFree(input.name, null);
  return appDb()
    .insert(endpoints)
    .values({ ...input, createdAt: now })
    .returning()
    .get().id;
}

export function changeEndpoint(id: number, change: EndpointChange): void {
  const before = endpointOf(id);
  const keyed = change.keyVariable === undefined ? before.keyVariable : change.keyVariable;
  const changes = (field: "keyVariable" | "baseUrl") => change[field] !== undefined && change[field] !== before[field];
  for (const field of ["keyVariable", "baseUrl"] as const) if (keyed !== null && changes(field)) requireKeyOwner(field);
  if (change.name !== undefined) requireFree(change.name, id);
  appDb().update(endpoints).set(change).where(eq(endpoints.id, id)).run();
}

export function removeEndpoint(id: number, now: number): void {
  endpointOf(id);
  appDb().update(endpoints).set({ removedAt: now }).where(eq(endpoints.id, id)).run();
}

function requireFree(name: string, own: number | null): void {
  const taken = appDb()
    .select({ id: endpoints.id })
    .from(endpoints)
    .where(and(inUse, sql`lower(${endpoints.name}) = lower(${name})`))
    .get();
  if (taken === undefined || taken.id === own) return;
  const message = `another endpoint is called ${name}; choose another name`;
  throw new AppError(409, `name: ${message}`, { problems: [{ path: "name", message }] });
}
