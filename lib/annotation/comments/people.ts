// Whom a comment can name by `@`: those who have to do with its dataset.
import { and, asc, eq, isNull } from "drizzle-orm";
import { teamUrl } from "../../../common/env";
import { may, type Permission } from "../../../spec/roles";
import { rolesWith } from "../../access/dataset-roles";
import { appDb } from "../../db/client";
import { type User, users } from "../../db/tables/accounts";
import { type Annotator, annotators } from "../../db/tables/annotators";
import { mentionsOf } from "../../people/mention";

type Person = Pick<Annotator, "id" | "name">;

/** Who may see or annotate it, or do what is named; on one's own machine everybody who has chosen a name. */
export function peopleOn(queueId: number, permissions: Permission[] = ["annotate", "read"]): Person[] {
  const all = appDb()
    .select({ id: annotators.id, name: annotators.name, user: users })
    .from(annotators)
    .leftJoin(users, eq(users.annotatorId, annotators.id))
    .where(and(eq(annotators.kind, "person"), isNull(annotators.erasedAt)))
    .orderBy(asc(annotators.name))
    .all();
  const roleOf = rolesWith({ kind: "annotate", id: queueId });
  const isHere = (user: User) => {
    const role = user.deactivatedAt === null ? roleOf({ ...user, scopes: null, sessionId: null }) : null;
    return permissions.some((one) => may(role, one));
  };
  const named = teamUrl() === null ? all : all.filter(({ user }) => user !== null && isHere(user));
  return named.map(({ id, name }) => ({ id, name }));
}

/** Those whose whole name stands after an `@`, in whatever case; of two names that fit, the longer one. */
export function namedIn(text: string, people: Person[]): number[] {
  if (!text.includes("@") || people.length === 0) return [];
  const ids = new Map(people.map(({ id, name }) => [name.toLowerCase(), id]));
  const named = [...text.matchAll(mentionsOf([...ids.keys()]))];
  return [...new Set(named.flatMap(([, name]) => ids.get(name!.toLowerCase()) ?? []))];
}
