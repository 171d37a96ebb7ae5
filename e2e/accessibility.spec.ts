// axe finds nothing on any page in either theme, and no page scrolls sideways at 320 px.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { finishedRun } from "./pages/runs";

/** What stands for the id of a page: the sample dataset, or a run. */
const examples: Record<string, string> = {
  "/annotate/[id]": "/annotate/1",
  "/datasets/[id]": "/datasets/1",
  "/runs/[id]": "RUN",
};

/** Every page that app/ has. */
const pages = readdirSync("app", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("page.tsx"))
  .map((file) => join("/", dirname(file)).replace(/\/\(\w+\)/g, "")) // groups of routes stand in no address
  .sort()
  .map((route) => {
    const start = Object.keys(examples).find((start) => route === start || route.startsWith(`${start}/`));
    const path = start ? route.replace(start, examples[start]!) : route;
    if (path.includes("[")) throw new Error(`${route} needs an example of its id`);
    return path;
  });

test.setTimeout(400_000); // a dozen pages, and a run where there is none yet
test.beforeEach(async ({ page }) => enterAs(page, "Axe"));

for (const theme of ["light", "dark"])
  test(`B14: axe finds nothing on any page that app/ has (${theme})`, async ({ page }) => {
    await page.addInitScript((value) => localStorage.setItem("theme", value), theme);
    for (const path of pages) {
      await page.goto(await resolve(path, page));
      await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined); // a run's page streams for good
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual(
        [],
      );
    }
  });

test("B14: no page that app/ has scrolls sideways at 320 px", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of pages) {
    await page.goto(await resolve(path, page));
    const [content, width] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(content, path).toBeLessThanOrEqual(width!);
  }
});

/** RUN stands for a run with charts, sample completions and an adapter. */
const resolve = async (path: string, { request }: Page): Promise<string> =>
  path.startsWith("RUN") ? path.replace("RUN", `/runs/${await finishedRun(request, "For axe")}`) : path;
