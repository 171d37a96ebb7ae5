// The erasure of a person: their account goes, and wherever they are named another name stands, which says nobody. Their votes stay and count.
import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, inArray, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { requireAnotherOwner } from "../access/members";
import { rewritingAudit } from "../access/rewritten-audit";
import { forgetStatistics } from "../annotation/queues/run-statistics";
import { forgetFacts } from "../annotation/records/record-facts";
import { forgetTags } from "../annotation/records/record-tags";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { invitations, users, verifications } from "../db/tables/accounts";
import { type Annotator, annotators } from "../db/tables/annotators";
import { auditEntries } from "../db/tables/audit";
import { currentAnnotator } from "../people/current-annotator";
import type { Erased } from "./erase-schema";
import { type KnownPerson, knownPerson } from "./known-person";
import { namesIn } from "./names-in-text";
import { remainingCopies } from "./remaining-copies";
import { replaceNames } from "./replace-names";

/** `typed`: the person's name, as whoever asks for it has typed it. */
export async function erase(person: Annotator, typed: string, now: number): Promise<Erased> {
  if (person.erasedAt !== null) throw new AppError(409, `${person.name} is a made-up name already: they were erased.`);
  if (typed.trim() !== person.name)
    throw new AppError(400, `Type the name as it is, ${person.name}: this cannot be undone.`);
  if ((await currentAnnotator())?.id === person.id)
    throw new AppError(409, `${person.name} is you: somebody else has to erase you.`);
  const name = await retryOnBusyAsync(() =>
    appDb().transaction(() => eraseWithin(person, now), { behavior: "immediate" }),
  );
  forgetFacts();
  forgetTags();
  forgetStatistics();
  return { name, remains: await remainingCopies() };
}

function eraseWithin(person: Annotator, now: number): string {
  const known = knownPerson(person);
  const name = madeUpName();
  if (known.userId !== null) requireAnotherOwner(known.userId);
  rewritingAudit(() => {
    eraseAccount(known, now);
    erasedFromAudit(known, name);
    replaceNames(known.names, name);
    appDb().update(annotators).set({ name, erasedAt: now }).where(eq(annotators.id, person.id)).run();
  });
  return name;
}

function madeUpName(): string {
  for (;;) {
    const name = `annotator-${randomBytes(2).toString("hex")}`;
    if (!appDb().select().from(annotators).where(eq(annotators.name, name)).get()) return name;
  }
}

/** With it go sessions, passwords, passkeys, codes, tokens and roles. Invitations that are of no use any more go too: they say whom they were for. */
function eraseAccount({ annotatorId, userId, names }: KnownPerson, now: number): void {
  const addresses = names.map((one) => one.toLowerCase());
  appDb()
    .delete(invitations)
    .where(
      or(
        isNotNull(invitations.usedAt),
        lte(invitations.expiresAt, now),
        inArray(invitations.email, addresses),
        eq(invitations.annotatorId, annotatorId),
      ),
    )
    .run();
  if (userId === null) return;
  appDb().delete(verifications).where(sql`instr(${verifications.value}, ${userId})`).run();
  appDb().delete(users).where(eq(users.id, userId)).run();
}

/** What they did stays there under the other name, without from where. */
function erasedFromAudit({ userId, names }: KnownPerson, name: string): void {
  const named = namesIn(names);
  appDb().$client.function("names_them", { deterministic: true }, (text: unknown) =>
    Number(typeof text === "string" && text.search(named) >= 0),
  );
  const tries = and(isNull(auditEntries.userId), sql`names_them(${auditEntries.detail})`);
  appDb().update(auditEntries).set({ address: null }).where(tries).run();
  if (userId !== null)
    appDb().update(auditEntries).set({ name, address: null }).where(eq(auditEntries.userId, userId)).run();
}
