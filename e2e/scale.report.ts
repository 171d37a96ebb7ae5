// `npm run scale`: what charts cost when runs are long, measured against the real server and a real browser. Writes docs/scale.json, from
// which `npm run figures` makes docs/compare.md. Takes about 15 minutes and 7 GB of disk; let nothing else run.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { serving, start } from "../test/server";
import { type ScaleResult, scaleCharts } from "../tools/bench/scale-figures";

const port = 3433;
const url = `http://127.0.0.1:${port}`;
const [runs, steps] = [20, 1_000_000];
const charts: readonly string[] = scaleCharts;
const ids = Array.from({ length: runs }, (_, i) => `scale${i + 1}`);
const quantile = (values: number[], q: number) => values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1]!;
const maker = ["--import", "tsx", "tools/bench/scale-data.ts"];

test("twenty runs of a million steps, and a day of live updates", async ({ page }) => {
  test.setTimeout(3_600_000);
  const data = mkdtempSync(join(tmpdir(), "workbench-scale-"));
  const env = { ...process.env, WORKBENCH_DATA: data };
  execFileSync(process.execPath, [...maker, "seed", String(runs), String(steps)], { env, stdio: "inherit" });
  const server = start(data, port);
  await serving(server, url);
  const result: ScaleResult = {
    machine: cpus()[0]!.model.trim(),
    cores: cpus().length,
    runs,
    steps,
    charts: charts.length,
    request: await requests(),
    paint: await paint(page),
    day: await day(page, env),
  };
  server.child.kill("SIGINT");
  await server.ended;
  rmSync(data, { recursive: true });
  writeFileSync("docs/scale.json", `${JSON.stringify(result, null, 2)}\n`);
});

/** Every chart as a whole, then at places and widths of all sizes, along every axis, plain and smoothed. */
async function requests(): Promise<ScaleResult["request"]> {
  const perStep = { step: 1, samples: 4, tokens: 900, time: 0.4 };
  const times: number[] = [];
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  for (let i = 0; i < 360; i++) {
    const axis = (Object.keys(perStep) as (keyof typeof perStep)[])[i % 4]!;
    const width = steps * 10 ** (-4 * random());
    const from = (steps - width) * random();
    const zoom = i % 3 === 0 ? {} : { from: String(from * perStep[axis]), to: String((from + width) * perStep[axis]) };
    const search = new URLSearchParams({
      metric: charts[i % charts.length]!,
      axis,
      groups: ids.join(),
      columns: "480",
      smooth: ["0", "0.9"][i % 2]!,
      ...zoom,
    });
    const started = performance.now();
    const response = await fetch(`${url}/api/compare/lines?${search}`);
    const lines = (await response.json()) as { x: number[] }[];
    if (i >= charts.length) times.push(performance.now() - started); // the first round warms up
    expect(lines.every(({ x }) => x.length > 0 && x.length <= 2 * 480 + 6)).toBe(true);
  }
  return { count: times.length, median: quantile(times, 0.5), p95: quantile(times, 0.95), longest: Math.max(...times) };
}

/** Five first visits of the page with all runs and charts. */
async function paint(page: Page): Promise<ScaleResult["paint"]> {
  const [first, drawn]: [number[], number[]] = [[], []];
  for (let visit = 0; visit < 5; visit++) {
    await page.goto("about:blank");
    const started = performance.now();
    await page.goto(`${url}/compare?tab=charts&runs=${ids.join()}&also=${charts.join()}`);
    const plots = page.getByRole("figure").locator(".u-over");
    await expect(plots).toHaveCount(charts.length, { timeout: 60_000 });
    drawn.push(performance.now() - started);
    first.push(
      await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN),
    );
  }
  return { visits: first.length, first: quantile(first, 0.5), drawn: quantile(drawn, 0.5) };
}

/** A run that logs a step each second of a day, eight hundred times as fast, on an open page. */
async function day(page: Page, env: NodeJS.ProcessEnv): Promise<ScaleResult["day"]> {
  const [number, points, perSecond] = [runs + 1, 86_400, 800];
  const writer = spawn(process.execPath, [...maker, "live", String(number), String(points), String(perSecond)], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => writer.stdout!.once("data", resolve));
  await page.goto(`${url}/runs/scale${number}`);
  const shown = () =>
    page
      .getByText(/^Step [\d,]+/)
      .first()
      .textContent();
  const stepNow = async () => Number(/[\d,]+/.exec((await shown()) ?? "")![0].replaceAll(",", ""));
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
  await expect.poll(stepNow, { timeout: 60_000 }).toBeGreaterThan(points / 24); // an hour in
  const before = await heap();
  await expect.poll(stepNow, { timeout: 600_000, intervals: [2000] }).toBe(points);
  const after = await heap();
  const table = page.getByRole("figure", { name: /^Loss/ });
  await table.getByText("Table").click();
  await expect(table.getByRole("row").last()).toContainText(String(points));
  return { points, before, after };
}
