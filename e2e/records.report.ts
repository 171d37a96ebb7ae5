// `npm run records-browser`: what a person waits for in the records browser at a hundred thousand records, in a real browser against the real
// server: until the first rows are painted, and from a search and a facet to the rows that they leave. Writes
// tools/bench/results/records-browser.json, from which `npm run figures` makes a table in docs/compare.md. Let nothing else run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { freePort, serving, start } from "../test/server";
import type { RecordsResult, Waited } from "../tools/bench/scale-figures";
import { stampPaint, visited, waited } from "./pages/waited";

const [records, votes, rounds] = [100_000, 50_000, 9];
const seed = `import("./tools/bench/load-data.ts").then(({ seedQueue }) =>
  process.stdout.write(String(seedQueue(${records}, ${votes}, ["Ann", "Ben", "Cid", "Dee"]))));`;

test("first rows, a search and a facet among a hundred thousand records", async ({ page }) => {
  test.setTimeout(1_800_000);
  const data = mkdtempSync(join(tmpdir(), "workbench-records-"));
  const env = { ...process.env, WORKBENCH_DATA: data };
  const queue = execFileSync(process.execPath, ["--import", "tsx", "--eval", seed], { env, encoding: "utf8" });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = start(data, port);
  await serving(server, url);
  await page.request.post(`${url}/api/me`, { data: { name: "Measures" } });
  await page.addInitScript(stampPaint);
  const path = `${url}/datasets/${queue.trim()}/records`;
  const result: RecordsResult = {
    machine: cpus()[0]!.model.trim(),
    cores: cpus().length,
    ...{ records, votes, rounds },
    firstRows: await visited(page, rounds, path, "main tbody tr"),
    searches: { rare: await searches(page, path, "99999"), common: await searches(page, path, "question 999") },
    facets: { disputed: await facets(page, path, /^Disputed/), open: await facets(page, path, /^Open/) },
  };
  server.child.kill("SIGINT");
  await server.ended;
  rmSync(data, { recursive: true });
  writeFileSync("tools/bench/results/records-browser.json", `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
});

/** A page that has no answer yet, with all rows on the screen and its scripts listening. */
async function freshPage(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await shows(page, "100,000 of 100,000");
  await page.waitForTimeout(500);
}

/** From the request on: without the pause after the last letter. */
async function searches(page: Page, path: string, words: string): Promise<Waited> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    await freshPage(page, path);
    await page.getByLabel("Search records").fill(words);
    times.push((await painted(page, null, 0)) - (await requested(page)));
  }
  return waited(times.slice(1));
}

async function facets(page: Page, path: string, label: RegExp): Promise<Waited> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    await freshPage(page, path);
    const started = await page.evaluate(() => {
      document.addEventListener("click", () => performance.mark("clicked"), { once: true, capture: true });
      return performance.now();
    });
    await page.getByLabel(label).check();
    const end = await painted(page, null, started);
    times.push(end - (await page.evaluate(() => performance.getEntriesByName("clicked").at(-1)!.startTime)));
  }
  return waited(times.slice(1));
}

const shows = (page: Page, words: string) =>
  expect(page.getByRole("status").filter({ hasText: `${words} records` })).toBeVisible({ timeout: 60_000 });

/** When the request of a search was sent. */
const requested = (page: Page) =>
  page.evaluate(
    () => performance.getEntriesByType("resource").findLast(({ name }) => /\/records\?/.test(name))!.startTime,
  );

/** By the page's clock, after the frame in which the line that counts says these words, or others than all; looked at in every frame. */
const painted = (page: Page, words: string | null, from: number): Promise<number> =>
  page.evaluate(
    ({ words, from }) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const said = [...document.querySelectorAll("main [role=status]")]
            .map(({ textContent }) => textContent)
            .find((text) => text.endsWith("records"));
          const rows = document.querySelectorAll("main tbody tr").length;
          const there = words === null ? said?.startsWith("100,000 of") === false : said?.startsWith(words);
          if (!there || rows === 0) requestAnimationFrame(look);
          else setTimeout(() => resolve(Math.max(from, performance.now()))); // a task after this frame, which has painted it
        };
        look();
      }),
    { words, from },
  );
