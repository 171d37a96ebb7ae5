// The erasure of a person: their account goes, and wherever they are named another name stands, which says nobody. Their votes stay and count.
import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, inArray, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import type { z } from "zod";
import { AppError } from "../../spec/errors";
import { fieldsIn } from "../access/audit-detail";
import { requireAnotherOwner } from "../access/members";
import { rewritingAudit } from "../access/rewritten-audit";
import { forgetStatistics } from "../annotation/queues/run-statistics";
import { forgetFacts } from "../annotation/records/record-facts";
import { forgetTags } from "../annotation/records/record-tags";
import { forgetBeginners } from "../corpus/corpora";
import { nameImportersById } from "../datasets/add/provenance";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { invitations, users, verifications } from "../db/tables/accounts";
import { type Annotator, annotators } from "../db/tables/annotators";
import { auditEntries } from "../db/tables/audit";
import { currentAnnotator } from "../people/current-annotator";
import { requirePerson } from "../people/require-person";
import { clearFilesIfDue } from "./clear-files";
import type { Erased, eraseInput } from "./erase-schema";
import { frozenWith } from "./frozen-with";
import { type KnownPerson, knownPerson } from "./known-person";
import { namedPlaces } from "./named-places";
import { remainingCopies } from "./remaining-copies";
import { replaceNames } from "./replace-names";
import { dueVacuum } from "./vacuum-due";

/**
 * `typed`: the person's name, as whoever asks for it has typed it. `words`: whether the bare name is replaced in texts too. Of somebody who was
 * erased it tells again what is left, as whoever asked first may have had no answer.
 */
export async function erase(
  id: number,
  { name: typed, words }: z.output<typeof eraseInput>,
  now: number,
): Promise<Erased> {
  const asks = (await currentAnnotator())?.id ?? null;
  const { name, known, frozen } = await retryOnBusyAsync(() =>
    appDb().transaction(
      () => {
        const person = requirePerson(String(id));
        if (person.erasedAt !== null) return erasedBefore(person, typed);
        requireErasable(person, typed, asks);
        return eraseWithin(person, words, now);
      },
      { behavior: "immediate" },
    ),
  );
  forgetFacts();
  forgetTags();
  forgetStatistics();
  clearFilesIfDue();
  return { name, places: known.names.length > 0 ? namedPlaces(known) : [], remains: [...frozen, ...remainingCopies()] };
}

interface ErasedNow {
  name: string;
  /** What they were called. */
  known: Pick<KnownPerson, "annotatorId" | "names">;
  /** Training sets of which nothing is changed, in sentences. */
  frozen: string[];
}

const erasedBefore = ({ id, name }: Annotator, typed: string): ErasedNow => ({
  name,
  known: { annotatorId: id, names: [typed.trim()].filter((one) => one !== "" && one !== name) },
  frozen: [],
});

/** As they are now: another owner may have renamed them since the page was made. */
function requireErasable({ id, name }: Annotator, typed: string, asks: number | null): void {
  if (typed.trim() !== name) throw new AppError(400, `Type the name as it is, ${name}: this cannot be undone.`);
  if (asks === id) throw new AppError(409, `${name} is you: somebody else has to erase you.`);
}

function eraseWithin(person: Annotator, words: boolean, now: number): ErasedNow {
  const known = knownPerson(person);
  const name = madeUpName();
  if (known.userId !== null) requireAnotherOwner(known.userId);
  const frozen = frozenWith(known);
  rewritingAudit(() => {
    nameImportersById(known.names, person.id);
    forgetBeginners();
    eraseAccount(known, now);
    erasedFromAudit(known, name);
    replaceNames(known, { by: name, words });
    appDb().update(annotators).set({ name, erasedAt: now }).where(eq(annotators.id, person.id)).run();
  });
  dueVacuum();
  return { name, known, frozen };
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

/** What they did stays there under the other name, without from where; so do failed tries to sign in as them. */
function erasedFromAudit({ userId, names }: KnownPerson, name: string): void {
  const own = new Set(names.map((one) => one.toLowerCase()));
  const isThem = ([field, said]: [string, string]) =>
    (field === "username" || field === "email") && own.has(said.toLowerCase());
  appDb().$client.function("says_them", { deterministic: true }, (detail) =>
    Number(typeof detail === "string" && fieldsIn(detail).some(isThem)),
  );
  appDb().$client.function("without_them", { deterministic: true }, (detail) =>
    fieldsIn(String(detail))
      .map((part) => `${part[0]} ${isThem(part) ? name : part[1]}`)
      .join(", "),
  );
  const { detail } = auditEntries;
  const saysThem = sql`says_them(${detail})`;
  appDb()
    .update(auditEntries)
    .set({ address: null })
    .where(and(isNull(auditEntries.userId), saysThem))
    .run();
  appDb()
    .update(auditEntries)
    .set({ detail: sql`without_them(${detail})` })
    .where(saysThem)
    .run();
  if (userId !== null)
    appDb().update(auditEntries).set({ name, address: null }).where(eq(auditEntries.userId, userId)).run();
}
