// Hostile texts in prompts, answers, guidelines and names, looked at in Chromium; the page framed by another site; formulas in exported tables.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type BrowserContext, chromium, type Page } from "@playwright/test";
import { chromium as findChromium } from "../../scripts/setup/chromium.mjs";
import { freePort, killAll, serving, start } from "../../test/server";
import { enter } from "./annotators";
import type { Experiment, Outcome, Setting } from "./experiment";
import { give, send } from "./hostile-data";
import { cellsOf, formulaTexts, hostileTexts, isFormula } from "./hostile-texts";

/** Of those that the pages link to, for each text. */
const pagesPerText = 1 / 4;
const fewestPages = 10;

export const hostilePages: Experiment = {
  name: "hostile-pages",
  fault:
    "texts that run or fetch where they are not escaped, as prompts, answers, guidelines, rationales and names, in Chromium",
  demand:
    "no dialog, no request to another host, nothing that the page's policy had to stop; framing refused; no formula in CSV",
  size: hostileTexts.length,
  unit: "texts",
  run,
};

async function run({ size, folder, signal, say }: Setting): Promise<Outcome> {
  const texts = hostileTexts.filter(
    (_, i) => Math.floor((i * size) / hostileTexts.length) !== Math.floor(((i + 1) * size) / hostileTexts.length),
  );
  const formulas = formulaTexts.slice(0, Math.max(6, size));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = start(folder, port);
  const failures: string[] = [];
  try {
    await serving(server, url);
    const browser = await chromium.launch({
      executablePath: await findChromium(say),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    });
    try {
      const context = await browser.newContext();
      const cookie = await enter(url, "Looks at all of it");
      const [name, value] = cookie.split("=") as [string, string];
      await context.addCookies([{ name, value: decodeURIComponent(value), url }]);
      const found: string[] = [];
      watch(context, url, found);
      const page = await context.newPage();
      const queue = await give(url, cookie, texts, formulas);
      const ran = await annotateAll(page, url, cookie, queue, texts, signal);
      say(`${ran} texts annotated, ${found.length} failures`);
      const pages = await crawl(page, url, Math.max(fewestPages, size * pagesPerText), signal);
      failures.push(...new Set(found));
      if (!(await isFramingRefused(page, url))) failures.push("another site's page shows this one in a frame");
      failures.push(...(await formulasIn(`${url}/api/queues/${queue}/export?rows=csv`, cookie, 3 * formulas.length)));
      return {
        ran,
        seen: { "pages visited": pages, "dialogs, foreign requests, violations": found.length },
        most: { formulas: formulas.length },
        failures,
      };
    } finally {
      await browser.close();
    }
  } finally {
    await killAll(server);
    await server.ended;
  }
}

/** Notes down what must not happen on any page of the context. */
function watch(context: BrowserContext, url: string, found: string[]): void {
  context.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(`${url}/`) && !/^(data|blob|about):/.test(to)) found.push(`a request to ${to}`);
  });
  context.on("dialog", (dialog) => {
    found.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) found.push(`the policy stopped: ${message.text()}`);
  });
}

/** Looks at each record and annotates it, with its prompt as the rationale. Returns how many texts were shown. */
async function annotateAll(
  page: Page,
  url: string,
  cookie: string,
  queue: number,
  texts: string[],
  signal: AbortSignal,
): Promise<number> {
  let done = 0;
  for (; !signal.aborted; done++) {
    const { tasks } = (await (await fetch(`${url}/api/queues/${queue}/tasks`, { headers: { cookie } })).json()) as {
      tasks: { id: number }[];
    };
    const [task] = tasks;
    if (!task) break;
    await page.goto(`${url}/annotate/${queue}`);
    await page.waitForLoadState("networkidle");
    const vote = {
      key: randomUUID(),
      itemId: task.id,
      choice: { kind: "left", strength: 3 },
      activeMs: 5,
      rationale: texts[done % texts.length],
    };
    await send(`${url}/api/judgements`, cookie, "POST", JSON.stringify(vote));
  }
  return Math.min(done, texts.length);
}

/** Visits what the pages link to, from the home page on; returns how many. */
async function crawl(page: Page, url: string, most: number, signal: AbortSignal): Promise<number> {
  const [known, waiting] = [new Set([`${url}/`]), [`${url}/`]];
  let visited = 0;
  for (; visited < most && waiting.length > 0 && !signal.aborted; visited++) {
    await page.goto(waiting.shift()!);
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined); // a run's page streams for good
    const links = await page
      .locator("a[href]")
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    for (const link of links.map((link) => link.replace(/#.*/, "")))
      if (link.startsWith(`${url}/`) && !link.startsWith(`${url}/api/`) && !known.has(link)) {
        known.add(link);
        waiting.push(link);
      }
  }
  return visited;
}

async function isFramingRefused(page: Page, url: string): Promise<boolean> {
  const other = createServer((_, answer) =>
    answer.setHeader("content-type", "text/html").end(`<iframe src="${url}/"></iframe>`),
  );
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const fresh = await page.context().browser()!.newPage(); // whose foreign request is meant
  await fresh.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
  await fresh.waitForLoadState("networkidle");
  const shown = await Promise.all(
    fresh
      .frames()
      .slice(1)
      .map((frame) => frame.content().catch(() => "")),
  );
  await fresh.close();
  other.close();
  return shown.every((text) => !text.includes("<main"));
}

async function formulasIn(url: string, cookie: string, least: number): Promise<string[]> {
  const answer = await fetch(url, { headers: { cookie } });
  const cells = cellsOf(await answer.text());
  if (!answer.ok || cells.length < least) return [`the CSV export answers ${answer.status} with ${cells.length} cells`];
  return cells
    .filter(isFormula)
    .map((cell) => `a cell of the CSV export begins as a formula: ${JSON.stringify(cell.slice(0, 60))}`);
}
