import "server-only";
import { and, count, eq, isNull, sql } from "drizzle-orm";
import { cookies } from "next/headers";
import { teamUrl } from "../../common/env";
import { AppError } from "../../spec/errors";
import { currentUser } from "../access/current-user";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { prepared } from "../db/prepared";
import { type Annotator, annotators } from "../db/tables/annotators";
import { translatedError } from "../messages/translated-error";
import { annotatorOf, signed } from "./cookie";

const cookie = "annotator";

/** Finds an annotator by name, whatever its case, or adds one, and remembers them in this browser. */
export async function enter(name: string, now: number): Promise<Annotator> {
  if (teamUrl()) throw new AppError(403, "Names are those of accounts here: sign in instead.");
  const same = sql`lower(${annotators.name}) = lower(${name})`;
  const annotator = await retryOnBusyAsync(() =>
    appDb().transaction(
      (tx) =>
        tx.select().from(annotators).where(same).get() ??
        tx
          .insert(annotators)
          .values({ name: newName(name), createdAt: now })
          .returning()
          .get(),
      { behavior: "immediate" },
    ),
  );
  if (annotator.erasedAt !== null) throw translatedError(409, "error.nameOfErased", { name: annotator.name });
  if (annotator.kind === "import") throw translatedError(409, "error.nameOfImport", { name: annotator.name });
  if (annotator.kind === "judge") throw translatedError(409, "error.nameOfJudge", { name: annotator.name });
  (await cookies()).set(cookie, signed(annotator.id), {
    httpOnly: true,
    sameSite: "strict",
    path: "/",
    maxAge: 365 * 24 * 3600,
  });
  return annotator;
}

/** Nobody sits at this browser any more; a name is as good as ever. */
export async function signOut(): Promise<void> {
  (await cookies()).delete(cookie);
}

const mostNames = 2000;

/** The name, if there is room for one more: whoever sends names without end fills no database. */
function newName(name: string): string {
  const { known } = appDb().select({ known: count() }).from(annotators).get()!;
  if (known < mostNames) return name;
  throw translatedError(429, "error.tooManyNames", { known });
}

const withId = prepared((db) =>
  db
    .select()
    .from(annotators)
    .where(and(eq(annotators.id, sql.placeholder("id")), isNull(annotators.erasedAt)))
    .prepare(),
);

/** Who sits at this browser, if anybody said so yet: on one's own machine under a name, in a team by an account. */
export async function currentAnnotator(): Promise<Annotator | null> {
  const id = teamUrl()
    ? ((await currentUser())?.annotatorId ?? null)
    : annotatorOf((await cookies()).get(cookie)?.value);
  return (id !== null && withId().get({ id })) || null;
}

export async function requireAnnotator(): Promise<Annotator> {
  const annotator = await currentAnnotator();
  if (!annotator) throw translatedError(401, teamUrl() ? "error.signInFirst" : "error.nameFirst");
  return annotator;
}
