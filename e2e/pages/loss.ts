// The torture of votes: real tabs that vote while the server is killed, the network goes, and buttons are clicked twice.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import Database from "better-sqlite3";
import { killAll, serving, start } from "../../test/server";
import type { AnnotationResult } from "../../tools/bench/annotation-figures";

const port = 3433;
const url = `http://127.0.0.1:${port}`;

export interface Plan {
  annotators: number;
  /** Of each annotator, each on a queue of its own; tabs share what waits to be sent. */
  tabs: number;
  /** Votes of a tab. */
  votes: number;
  kills: number;
  /** How long the first annotator is offline, in milliseconds. */
  offlineMs: number;
}

type Losses = AnnotationResult["votes"];

export async function torture(browser: Browser, plan: Plan): Promise<Losses> {
  const data = mkdtempSync(join(tmpdir(), "workbench-votes-"));
  let server = start(data, port);
  await serving(server, url);
  const contexts: BrowserContext[] = [];
  const tabs: Page[] = [];
  for (let annotator = 0; annotator < plan.annotators; annotator++) {
    const context = await browser.newContext();
    contexts.push(context);
    await context.request.post(`${url}/api/me`, { data: { name: `Annotator ${annotator}` } });
    for (let tab = 0; tab < plan.tabs; tab++) {
      const queue = await makeQueue(context, `queue ${tab}`, plan.votes);
      const page = await context.newPage();
      await page.goto(`${url}/annotate/${queue}`);
      tabs.push(page);
    }
  }
  let working = true;
  let kills = 0;
  const chaos = async () => {
    while (working && kills < plan.kills) {
      await wait(5_000 + Math.random() * 20_000);
      await killAll(server);
      await server.ended;
      kills++;
      server = start(data, port);
      await serving(server, url);
    }
  };
  const outage = async () => {
    await contexts[0]!.setOffline(true);
    await wait(plan.offlineMs);
    await contexts[0]!.setOffline(false);
  };
  const disturbances = Promise.all([chaos(), outage()]);
  const clicks = await Promise.all(tabs.map((page) => voteThrough(page, plan.votes)));
  working = false;
  await disturbances;
  for (const page of tabs) await page.getByText("Saved", { exact: true }).waitFor({ timeout: 60_000 });
  for (const context of contexts) await context.close();
  await killAll(server);
  return { ...count(data, plan), kills, doubleClicks: clicks.reduce((a, b) => a + b, 0) };
}

async function makeQueue({ request }: BrowserContext, name: string, pairs: number): Promise<number> {
  const rows = Array.from({ length: pairs }, (_, i) =>
    JSON.stringify({ prompt: `${name}, prompt ${i}`, answers: [`answer ${i}`, `another ${i}`] }),
  );
  const imported = await request.post(`${url}/api/queues/import?name=${encodeURIComponent(name)}`, {
    data: rows.join("\n"),
    headers: { "content-type": "application/x-ndjson" },
  });
  return ((await imported.json()) as { queueId: number }).queueId;
}

/** Votes on every pair, each fiftieth by a double click; says how many those were. Waits where the next pairs cannot be fetched. */
async function voteThrough(page: Page, votes: number): Promise<number> {
  let doubled = 0;
  for (let i = 0; i < votes; i++) {
    const before = await page.getByRole("heading", { name: /^Record/ }).textContent({ timeout: 600_000 });
    if (i % 50 === 49) {
      await page.getByRole("button", { name: "Tie" }).dblclick();
      doubled++;
    } else await page.keyboard.press(String((i % 8) + 1));
    await page.waitForFunction((was) => document.querySelector("h2")?.textContent !== was, before, {
      timeout: 600_000,
    });
  }
  return doubled;
}

function count(
  data: string,
  { annotators, tabs, votes }: Plan,
): Pick<Losses, "given" | "stored" | "lost" | "twice" | "integrity"> {
  const db = new Database(join(data, "app.db"), { readonly: true });
  const counts = db
    .prepare("SELECT count(*) AS n FROM judgements WHERE kind = 'vote' GROUP BY annotator_id, item_id")
    .pluck()
    .all() as number[];
  const given = annotators * tabs * votes;
  return {
    given,
    stored: counts.reduce((a, b) => a + b, 0),
    lost: given - counts.length,
    twice: counts.filter((n) => n > 1).length,
    integrity: db.pragma("integrity_check", { simple: true }) as string,
  };
}
