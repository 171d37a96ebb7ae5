// Unsent votes. Each is stored in this browser under its own name until the server has it, so that two tabs never
// overwrite each other. After a reload or an outage it is sent again with the same idempotency key, so that it is stored once. It is
// sent only as the person who gave it, and only a rejection of the vote itself removes it: to the list of votes that were not saved.
import { RequestError, send } from "@/app/_client/fetch";
import { here } from "@/app/_messages/translate";
import type { JudgementInput, TaskDto } from "@/lib/annotation/judging/judging-schema";
import { entryNames, fieldsIn, notifyListeners, readEntry, removeEntry, writeEntry } from "../../../ui/browser-store";
import { sayError } from "../../../ui/toast";

export interface Sending {
  vote: JudgementInput;
  /** The prompt, shown in the list of votes that were not saved. */
  about: string;
  /** Why the server refused it. */
  why?: string;
}

const retryMs = { first: 2000, longest: 30_000 };
/** Statuses that may concern one vote only: the votes after it are still tried. */
const ofOneVote = [400, 404, 409, 413, 422];

let person = 0;
let posted = 0;
let sending: Promise<void> | null = null;
let pause = retryMs.first;
let retry: ReturnType<typeof setTimeout> | undefined;
/** The last reason that was shown for unsent votes. */
let told = "";

/** Sets the current annotator until the returned function is called. Votes stored before votes had owners, or before anybody had entered, become theirs. */
export function enter(annotatorId: number): () => void {
  person = annotatorId;
  const online = () => void flush();
  window.addEventListener("online", online);
  for (const name of entryNames("vote/")) {
    writeEntry(`votes/${person}/${name.slice(5)}`, JSON.stringify({ vote: fieldsIn(readEntry(name)), about: "" }));
    removeEntry(name);
  }
  for (const name of entryNames("votes/0/")) {
    writeEntry(name.replace("votes/0/", `votes/${person}/`), readEntry(name) ?? "");
    removeEntry(name);
  }
  notifyListeners();
  return () => window.removeEventListener("online", online);
}

const waitingNames = () => entryNames(`votes/${person}/`);
export const refusedNames = () => entryNames(`refused/${person}/`);
/** An entry; null where another tab has sent it, or where it is none. */
export function read(name: string): Sending | null {
  const entry = fieldsIn(readEntry(name));
  return "vote" in entry ? (entry as Sending) : null;
}

export const waiting = () => waitingNames().length;
export const notSaved = () => refusedNames().length;
export const refusedKeys = () => refusedNames().map((name) => read(name)?.vote.key);

/** Whether a vote on this task is still unsent. */
export const isWaiting = ({ id, mirror }: Pick<TaskDto, "id" | "mirror">) =>
  waitingNames().some((name) => {
    const vote = read(name)?.vote;
    return vote?.itemId === id && vote.mirror === mirror;
  });

export function post(vote: JudgementInput, about: string): void {
  const order = [Date.now(), ++posted].map((part) => String(part).padStart(15, "0")).join("/");
  writeEntry(`votes/${person}/${order}/${vote.key}`, JSON.stringify({ vote, about }));
  void flush();
}

/** Tries each vote once, then resolves; votes that could not be sent are retried later. */
export function flush(): Promise<void> {
  sending ??= drain().finally(() => {
    sending = null;
  });
  return sending;
}

async function drain(): Promise<void> {
  clearTimeout(retry);
  const tried = new Set<string>();
  const next = () => waitingNames().find((name) => !tried.has(name));
  for (let name = next(); name; name = next()) {
    tried.add(name);
    const trouble = await sendOne(name, person);
    if (trouble && !(trouble instanceof RequestError && ofOneVote.includes(trouble.status))) break;
  }
  if (waiting() === 0) pause = retryMs.first;
  else {
    retry = setTimeout(() => void flush(), pause);
    pause = Math.min(2 * pause, retryMs.longest);
  }
}

/** Sends one vote; returns the error that prevented it, or null. */
async function sendOne(name: string, annotatorId: number): Promise<unknown> {
  const entry = read(name);
  if (!entry) return null;
  try {
    await send("POST", "/api/judgements", { ...entry.vote, annotatorId });
    removeEntry(name);
    told = "";
    return null;
  } catch (error) {
    if (!(error instanceof RequestError)) return error; // a network error; the top bar shows how many are unsent
    const { message: why } = error;
    if (error.refused === "vote") {
      writeEntry(name.replace("votes/", "refused/"), JSON.stringify({ ...entry, why }));
      removeEntry(name);
      void sayError(here()("error.voteNotSaved", { why }));
      return null;
    }
    if (why !== told) void sayError(here()("error.votesKept", { why }));
    told = why;
    return error;
  }
}
