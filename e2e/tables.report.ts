// `npm run scale -- e2e/tables.report.ts`: what a table of 500 runs and a dataset of 5,000 records cost in a real browser, from the navigation or the input
// until rows are painted. Writes docs/tables.json, from which `npm run figures` makes a table in docs/compare.md. Takes about three minutes;
// let nothing else run. SCALE_RUNS, SCALE_RECORDS and SCALE_ROUNDS make it smaller.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { serving, start } from "../test/server";
import type { TablesResult, Waited } from "../tools/bench/scale-figures";
import { stampPaint, visited, waited } from "./pages/waited";

const port = 3434;
const url = `http://127.0.0.1:${port}`;
const [runs, records, rounds] = [
  Number(process.env.SCALE_RUNS ?? 500),
  Number(process.env.SCALE_RECORDS ?? 5000),
  Number(process.env.SCALE_ROUNDS ?? 9),
];
const isWhole = process.env.SCALE_RUNS === undefined && process.env.SCALE_RECORDS === undefined;

test("tables of 500 runs and 5,000 records", async ({ page }) => {
  test.setTimeout(1_800_000);
  const data = mkdtempSync(join(tmpdir(), "workbench-tables-"));
  const env = { ...process.env, WORKBENCH_DATA: data };
  const maker = ["--import", "tsx", "tools/bench/scale-data.ts", "tables"];
  execFileSync(process.execPath, [...maker, String(runs), String(records)], { env, stdio: "inherit" });
  const server = start(data, port);
  await serving(server, url);
  await page.goto(`${url}/annotate`);
  await page.getByLabel("Name").fill("Ann");
  await page.getByRole("button", { name: "Start annotating" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Annotate" })).toBeVisible();
  await page.addInitScript(stampPaint);
  const result: TablesResult = {
    machine: cpus()[0]!.model.trim(),
    cores: cpus().length,
    ...{ runs, records, rounds },
    pages: {
      runs: await visited(page, rounds, `${url}/runs`, "main tbody tr"),
      dataset: await visited(page, rounds, `${url}/datasets/1`, "main section"),
      records: await visited(page, rounds, `${url}/datasets/1/records`, "main tbody tr"),
    },
    uses: { ...(await onRuns(page)), ...(await onRecords(page)) },
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  server.child.kill("SIGINT");
  await server.ended;
  rmSync(data, { recursive: true });
  if (isWhole) writeFileSync("docs/tables.json", `${JSON.stringify(result, null, 2)}\n`);
});

/** How a control of the page is used, within the page. */
interface Use {
  label: string;
  kind: "type" | "choose" | "click";
  value: string;
}

/** From an input until other rows are painted. Each round is on a fresh page, which has no answer yet. */
async function used(page: Page, path: string, uses: Use[]): Promise<Waited> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    await page.goto(`${url}${path}`);
    await expect(page.locator("main tbody tr").first()).toBeVisible();
    await page.waitForTimeout(500); // until its scripts listen
    for (const use of uses) {
      const ms = await page.evaluate(useControl, use);
      if (round > 0) times.push(ms);
    }
  }
  return waited(times);
}

function useControl({ label, kind, value }: Use): Promise<number> {
  const table = () => document.querySelector("main tbody")?.textContent ?? "";
  const named = [...document.querySelectorAll<HTMLElement>("main input, main select, main th button")];
  const control = named.find(
    (one) =>
      one.getAttribute("aria-label") === label ||
      one.closest("label")?.textContent?.startsWith(label) ||
      one.textContent === label,
  );
  if (!control) throw new Error(`no control is called ${label}`);
  const before = table();
  const started = performance.now();
  if (kind === "click") control.click();
  else {
    const owner = kind === "type" ? HTMLInputElement : HTMLSelectElement;
    Object.getOwnPropertyDescriptor(owner.prototype, "value")!.set!.call(control, value); // as React hears it
    control.dispatchEvent(new Event(kind === "type" ? "input" : "change", { bubbles: true }));
  }
  return new Promise((resolve) => {
    const wait = () => {
      if (table() === before) return void requestAnimationFrame(wait);
      setTimeout(() => resolve(performance.now() - started)); // after this frame
    };
    requestAnimationFrame(wait);
  });
}

const onRuns = async (page: Page) => ({
  runsSort: await used(page, "/runs", [{ label: "Name", kind: "click", value: "" }]),
  runsSearch: await used(page, "/runs", [
    { label: "Search runs", kind: "type", value: "run 1" },
    { label: "Search runs", kind: "type", value: "" },
  ]),
  runsFilter: await used(page, "/runs", [
    { label: "Tag", kind: "choose", value: "fourth" },
    { label: "Tag", kind: "choose", value: "" },
  ]),
});

const onRecords = async (page: Page) => ({
  recordsSearch: await used(page, "/datasets/1/records", [
    { label: "Search records", kind: "type", value: "question 7" },
  ]),
  recordsFilter: await used(page, "/datasets/1/records", [{ label: "Labelled", kind: "click", value: "" }]),
});
