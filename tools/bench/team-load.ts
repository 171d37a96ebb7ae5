// `npm run load -- team`: two hundred annotators with accounts, who sign in through Caddy with TLS and annotate at once for twenty minutes, beside
// a training run. Everything goes over HTTP, from the owner's link on.
import { cpus } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { behindCaddy } from "../../test/behind-caddy";
import { annotate, doubledIn } from "./annotators-at-work";
import { startTraining, stepOf } from "./demo-run";
import type { TeamLoad } from "./load-figures";

const [people, seconds, everyMs] = [200, 1200, 4000];
/** Two people annotate each record. A third more records than they come to: what somebody holds is nobody else's. */
const overlap = 2;
const records = Math.ceil((4 / 3) * ((people * seconds * 1000) / everyMs / overlap));

const json = { "content-type": "application/json" };
const password = "correct horse battery";

export async function measureTeam(port: number, say: (text: string) => void): Promise<TeamLoad> {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; // Caddy's certificate is its own, on this machine alone
  const { url, owner, data, close } = await behindCaddy(port);
  const cookie = await joinBy(owner, "owner");
  const queue = await importRecords(url, cookie);
  say(`${people} people join`);
  const cookies: string[] = [];
  for (let i = 0; i < people; i++) cookies.push(await joinBy(await invitation(url, cookie), `annotator_${i}`));
  const run = await startTraining({ url, cookie });
  const before = await stepOf({ url, cookie }, run);
  say(`${people} annotators, a vote every ${everyMs / 1000} s or so each, for ${seconds} s`);
  const { latency, acknowledged } = await annotate({ url, queue, cookies, seconds, everyMs, uneven: true }, say);
  const steps = (await stepOf({ url, cookie }, run)) - before;
  close();
  const machine = { machine: cpus()[0]!.model.trim(), cores: cpus().length };
  const kept = { ...doubledIn(data, acknowledged), ...beyondOverlap(data) };
  return { ...machine, people, everyMs, records, overlap, ...latency, steps, ...kept };
}

/** Makes an account by the link of an invitation. Returns the cookie of its session. */
async function joinBy(link: string, username: string): Promise<string> {
  const { origin, pathname } = new URL(link);
  const body = JSON.stringify({ token: pathname.split("/").at(-1), username, password });
  const answer = await fetch(`${origin}/api/join`, { method: "POST", headers: json, body });
  if (!answer.ok) throw new Error(`${username} could not join: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0]!)
    .join("; ");
}

async function invitation(url: string, cookie: string): Promise<string> {
  const body = JSON.stringify({ role: "annotator", days: 1 });
  const answer = await fetch(`${url}/api/team`, { method: "POST", headers: { cookie, ...json }, body });
  if (!answer.ok) throw new Error(`nobody was invited: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { link: string }).link;
}

async function importRecords(url: string, cookie: string): Promise<number> {
  const row = (i: number) =>
    JSON.stringify({ prompt: `Question ${i}?`, answers: [`The first to ${i}.`, `The second to ${i}.`] });
  const body = Array.from({ length: records }, (_, i) => row(i)).join("\n");
  const answer = await fetch(`${url}/api/queues/import?name=team&format=jsonl`, {
    method: "POST",
    headers: { cookie },
    body,
  });
  if (!answer.ok) throw new Error(`nothing was imported: ${answer.status} ${await answer.text()}`);
  const { queueId } = (await answer.json()) as { queueId: number };
  const settings = { method: "PATCH", headers: { cookie, ...json }, body: JSON.stringify({ overlap }) };
  const changed = await fetch(`${url}/api/queues/${queueId}`, settings);
  if (!changed.ok) throw new Error(`the overlap stayed: ${changed.status} ${await changed.text()}`);
  return queueId;
}

/** Records on which more votes count than were asked for, and votes that count for nothing because a record had all of its own. */
function beyondOverlap(data: string): { beyond: number; extra: number } {
  const db = new Database(join(data, "app.db"), { readonly: true });
  const counted = "SELECT 1 FROM judgements WHERE kind = 'vote' AND NOT extra GROUP BY item_id HAVING count(*) > ?";
  const beyond = db.prepare(counted).all(overlap).length;
  const extra = db.prepare<[], number>("SELECT count(*) FROM judgements WHERE kind = 'vote' AND extra").pluck().get()!;
  db.close();
  return { beyond, extra };
}
