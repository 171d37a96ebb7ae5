// The datasets that the chats with a run or a base model fill: one of pairs, one of answers that are good or bad. Found by its id, under whatever name they have.
import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { itemHash } from "../annotation/items/items";
import { queueNamed } from "../annotation/queues/new-queue";
import { isNameTaken } from "../annotation/queues/queue-names";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { type Queue, queues } from "../db/tables/queues";
import { freeName } from "../free-name";
import type { ChatSubject } from "./chat-subject";

export type ChatKind = "pairs" | "thumbs";

/** What `queues.run` says of them, beside the bare id of a run's own answers. */
const keyOf = (subject: string, kind: ChatKind) => `${subject} chat ${kind}`;
const endings = { pairs: "", thumbs: ": good or bad" };

export const chatDataset = (subject: string, kind: ChatKind): Queue | undefined =>
  appDb()
    .select()
    .from(queues)
    .where(and(eq(queues.run, keyOf(subject, kind)), isNull(queues.deletedAt)))
    .get();

/** The same, made where there is none: of two with one name the second's gets a number. */
export function openChatDataset({ id: subject, name }: ChatSubject, kind: ChatKind, now: number): Queue {
  const known = chatDataset(subject, kind);
  if (known) return known;
  const id = queueNamed(nameOf(name, kind), now, kind === "thumbs" ? "single" : "compare");
  return appDb()
    .update(queues)
    .set({ run: keyOf(subject, kind) })
    .where(eq(queues.id, id))
    .returning()
    .get();
}

/** Where records of it say that they are from. */
export const chatSource = ({ name, isBase }: ChatSubject): string => `chat with ${isBase ? "" : "run "}${name}`;

/** The record with these texts. */
export const recordIn = (queueId: number, row: Parameters<typeof itemHash>[0]): number | undefined =>
  appDb()
    .select({ id: items.id })
    .from(items)
    .where(and(eq(items.queueId, queueId), eq(items.hash, itemHash(row))))
    .get()?.id;

const nameOf = (run: string, kind: ChatKind): string =>
  freeName(`Chats with ${run}`, (n) => `${endings[kind]}${n > 1 ? ` (${n})` : ""}`, isNameTaken);
