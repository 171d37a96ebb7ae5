// `npm run report -- e2e/face.report.ts`: what a page promises beside the annotation screen's speed: nothing moves while a run trains, on a phone
// the answers keep most of the screen, and a run is started in few tab stops and clicks. Writes into docs/annotation.json. Three minutes.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import type { AnnotationResult, FaceResult } from "../tools/bench/annotation-figures";
import { labelledDataset } from "./pages/add-data";
import { enterAs, importDataset } from "./pages/annotate";
import { shiftOf, watchShifts } from "./pages/layout-shift";
import { exampleOf, routes } from "./pages/routes";
import { launchRun, runStatus } from "./pages/runs";

test("layout shift while a run trains, the phone, tab stops and clicks", async ({ page }) => {
  test.setTimeout(600_000);
  await enterAs(page, "Stands still");
  const [phone, tabStops, clicks] = [await phoneShare(page), await stops(page), await clicksToARun(page)];
  const face: FaceResult = { shift: await shifts(page), phone, tabStops, clicks };
  const known = JSON.parse(readFileSync("docs/annotation.json", "utf8")) as AnnotationResult;
  writeFileSync("docs/annotation.json", `${JSON.stringify({ ...known, face }, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(face, null, 2)}\n`);
});

/** Of every page that app/ has, each left open for two seconds beside a run that trains: the most that one moved. */
async function shifts(page: Page): Promise<FaceResult["shift"]> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await watchShifts(page);
  const labelled = await labelledDataset(page.request, "Stands still");
  const run = await launchRun(page.request, "Moves nothing", { maxSteps: 20_000, logEvery: 1 });
  await expect.poll(() => runStatus(page.request, run), { timeout: 60_000 }).toBe("running");
  let [most, route] = [0, ""];
  for (const one of routes) {
    await page.goto(exampleOf(one, { run, labelled }));
    await page.waitForTimeout(2000);
    const moved = await shiftOf(page);
    if (moved >= most) [most, route] = [moved, one];
  }
  await page.request.patch(`/api/runs/${run}`, { data: { action: "stop-now" } });
  return { most, route, pages: routes.length };
}

/** Share of a screen of 390 × 844 px that a pair's answers and those of a ranking have, scrolled to their middle. */
async function phoneShare(page: Page): Promise<FaceResult["phone"]> {
  await page.setViewportSize({ width: 390, height: 844 });
  const long = (seed: number) => Array.from({ length: 80 }, (_, i) => `Line ${i} of answer ${seed}.`).join("\n\n");
  const shareOf = async (name: string, count: number) => {
    const answers = Array.from({ length: count }, (_, i) => long(i));
    const id = await importDataset(page, name, [{ prompt: "Which is better?", answers }]);
    await page.goto(`/annotate/${id}`);
    await expect(page.getByRole("article").first()).toBeVisible();
    await page.evaluate(() => scrollTo(0, 800));
    const line = (await page.locator("main [aria-hidden] > p").boundingBox())!;
    const bar = (await page.locator(".sticky.bottom-0").boundingBox())!;
    return (bar.y - (line.y + line.height)) / 844;
  };
  return { pair: await shareOf("A pair by thumb", 2), ranking: await shareOf("A ranking by thumb", 4) };
}

/** From "Skip to content" to "Start run", on a form as it opens. */
async function stops(page: Page): Promise<number> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/runs/new");
  await expect(page.getByRole("button", { name: "Start run" })).toBeEnabled();
  await page.evaluate(() => {
    document.getElementById("main")!.tabIndex = -1;
    document.getElementById("main")!.focus();
  });
  for (let count = 0; count < 40; count++) {
    if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === "Start run") return count;
    await page.keyboard.press("Tab");
  }
  throw new Error("Start run is not reached in 40 tab stops");
}

/** From a finished dataset's page to the page of a run on it. */
async function clicksToARun(page: Page): Promise<number> {
  const id = await importDataset(page, "Finished", [{ prompt: "Which?", answers: ["Tea.", "Ice."] }]);
  await page.goto(`/annotate/${id}`);
  await expect(page.getByRole("region", { name: "Prompt" })).toBeFocused();
  await page.keyboard.press("1");
  await expect(page.getByText("All done")).toBeVisible();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.goto(`/datasets/${id}`);
  let clicks = 0;
  const click = async (role: "link" | "button", name: string) => {
    await page.getByRole("main").getByRole(role, { name, exact: true }).click();
    clicks++;
  };
  await click("link", "Train on this dataset");
  await expect(page.getByRole("button", { name: "Start run" })).toBeEnabled();
  await click("button", "Start run");
  await expect(page).toHaveURL(/\/runs\/(?!new)[^/]+$/, { timeout: 60_000 });
  const run = new URL(page.url()).pathname.split("/").at(-1)!;
  await page.request.patch(`/api/runs/${run}`, { data: { action: "stop-now" } });
  return clicks;
}
