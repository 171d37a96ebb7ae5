// People who annotate over HTTP as the pages do: what was not acknowledged is sent again under its key until it is.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { ScreenDto } from "../../lib/annotation/queues/queue-schema";

export interface Acknowledged {
  key: string;
  name: string;
  itemId: number;
  side: "left" | "right";
  strength: number;
  /** Whether the answer said that it is stored and not counted. */
  extra: boolean;
  /** When the answer came, in epoch milliseconds. */
  at: number;
}

export interface Work {
  acknowledged: Acknowledged[];
  /** Requests that came to nothing, because nobody was there or the answer was no success. */
  lost: number;
  /** Answers that no fault of the server's explains. */
  refused: string[];
}

const json = { "content-type": "application/json" };

/** Says who somebody is, and returns the cookie that remembers it. */
export async function enter(url: string, name: string): Promise<string> {
  const response = await fetch(`${url}/api/me`, { method: "POST", headers: json, body: JSON.stringify({ name }) });
  if (!response.ok) throw new Error(`nobody can enter: ${response.status} ${await response.text()}`);
  return response.headers.get("set-cookie")!.split(";")[0]!;
}

/** A dataset of that many pairs that nobody has annotated, each of which wants two annotations. Returns its id. */
export async function importPairs(url: string, cookie: string, pairs: number): Promise<number> {
  const rows = Array.from({ length: pairs }, (_, i) =>
    JSON.stringify({ prompt: `Question ${i}?`, answers: [`The first answer to ${i}.`, `The second answer to ${i}.`] }),
  );
  const response = await fetch(`${url}/api/queues/import?name=torture&format=jsonl`, {
    method: "POST",
    headers: { cookie },
    body: rows.join("\n"),
  });
  const imported = (await response.json()) as { queueId: number; added: number };
  if (imported.added !== pairs) throw new Error(`imported ${JSON.stringify(imported)}`);
  const settings = { method: "PATCH", headers: { cookie, ...json }, body: JSON.stringify({ overlap: 2 }) };
  const changed = await fetch(`${url}/api/queues/${imported.queueId}`, settings);
  if (!changed.ok) throw new Error(`overlap: ${changed.status} ${await changed.text()}`);
  return imported.queueId;
}

/** Annotates until `done`, a record every `pauseMs` at most. */
export async function annotate(
  {
    url,
    name,
    cookie,
    queue,
    random,
    pauseMs,
  }: { url: string; name: string; cookie: string; queue: number; random: () => number; pauseMs: number },
  done: () => boolean,
  work: Work,
): Promise<void> {
  /** Null where there was no answer, or one that says to try again. */
  const ask = async (path: string, body?: object): Promise<unknown> => {
    try {
      const init = body && { method: "POST", body: JSON.stringify(body) };
      const response = await fetch(url + path, { ...init, headers: { cookie, ...(body && json) } });
      const text = await response.text();
      if (response.ok) return JSON.parse(text);
      if (response.status < 500) work.refused.push(`${path} answered ${response.status}: ${text}`);
    } catch {
      // nobody there
    }
    work.lost++;
    await wait(50);
    return null;
  };
  while (!done()) {
    const screen = (await ask(`/api/queues/${queue}/tasks`)) as ScreenDto | null;
    if (screen?.tasks.length === 0) await wait(500);
    for (const { id } of screen?.tasks ?? []) {
      const [side, strength] = [random() < 0.5 ? "left" : "right", 1 + Math.floor(4 * random())] as const;
      const vote = { key: randomUUID(), itemId: id, choice: { kind: side, strength }, activeMs: 5 };
      const before = work.refused.length;
      while (!done() && work.refused.length === before) {
        const answer = (await ask("/api/judgements", vote)) as { extra?: boolean } | null;
        if (answer === null) continue;
        const extra = answer.extra === true;
        work.acknowledged.push({ key: vote.key, name, itemId: id, side, strength, extra, at: Date.now() });
        break;
      }
      await wait(pauseMs);
      if (done()) return;
    }
  }
}
