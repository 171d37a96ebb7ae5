// People who vote over HTTP as the annotation screen does, each at the same pace, and how long their requests took.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import type { ScreenDto } from "../../lib/annotation/queues/queue-schema";
import type { Latency } from "./load-figures";

export interface AtWork {
  latency: Latency;
  /** Seconds until the last vote was answered, and not fewer than were asked for. */
  elapsed: number;
  /** Keys of the votes that were acknowledged. */
  acknowledged: string[];
}

interface Work {
  url: string;
  queue: number;
  /** Of everybody. */
  cookies: string[];
  seconds: number;
  /** Between two votes of one person. */
  everyMs: number;
  /** Whether a pause lasts from half as long to half as long again, so that two hundred who begin together do not ask for records in step. */
  uneven?: boolean;
}

/** As the annotation screen: below so many tasks it asks for more. */
const few = 10;

export async function annotate(
  { url, queue, cookies, seconds, everyMs, uneven = false }: Work,
  say: (text: string) => void,
): Promise<AtWork> {
  const times: number[] = [];
  const acknowledged: string[] = [];
  let errors = 0;
  /** `due`: when it would have been sent if nobody had had to wait before; a person who is kept waiting is late with what comes next. */
  const timed = async (path: string, due: number, cookie: string, body?: object): Promise<unknown> => {
    try {
      const headers = { cookie, ...(body && { "content-type": "application/json" }) };
      const response = await fetch(url + path, {
        headers,
        ...(body && { method: "POST", body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      const answer: unknown = await response.json();
      times.push(performance.now() - due);
      return answer;
    } catch (error) {
      errors++;
      say(`${path}: ${String(error)}`);
      return null;
    }
  };
  const began = performance.now();
  const until = began + 1000 * seconds;
  let answered = until;
  const work = async (cookie: string, i: number) => {
    let tasks: ScreenDto["tasks"] = [];
    await wait((everyMs * i) / cookies.length);
    for (let next = performance.now(), pause = 0; next < until; next += pause) {
      let due = next;
      pause = uneven ? everyMs * (0.5 + Math.random()) : everyMs;
      if (tasks.length <= few) {
        const screen = (await timed(`/api/queues/${queue}/tasks`, due, cookie)) as ScreenDto | null;
        tasks = screen?.tasks ?? tasks;
        due = performance.now();
      }
      const task = tasks.shift();
      const choice = { kind: "left", strength: 2 };
      const key = crypto.randomUUID();
      if (task && (await timed("/api/judgements", due, cookie, { key, itemId: task.id, choice, activeMs: 900 })))
        acknowledged.push(key);
      answered = Math.max(answered, performance.now());
      await wait(Math.max(0, next + pause - performance.now()));
    }
  };
  await Promise.all(cookies.map(work));
  const elapsed = (answered - began) / 1000; // what a person waits after the last vote is none of it
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]!;
  const latency = { requests: times.length, median: at(0.5), p95: at(0.95), p99: at(0.99), longest: at(1) };
  return { latency: { seconds, ...latency, errors }, elapsed, acknowledged };
}

/** Votes that were acknowledged and are not there, and those that stand twice. */
export function doubledIn(
  data: string,
  acknowledged: string[],
): { acknowledged: number; lost: number; doubled: number } {
  const db = new Database(join(data, "app.db"), { readonly: true });
  const count = db.prepare<[string], number>("SELECT count(*) FROM judgements WHERE key = ?").pluck();
  const lost = acknowledged.filter((key) => count.get(key) !== 1).length;
  const twice = "SELECT 1 FROM judgements WHERE kind = 'vote' GROUP BY item_id, annotator_id HAVING count(*) > 1";
  const doubled = db.prepare(twice).all().length;
  db.close();
  return { acknowledged: acknowledged.length, lost, doubled };
}
