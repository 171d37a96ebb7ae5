// `npm run screenshots`: every screen in both themes at 1440 and 390 px, with a finished demo run. Written to docs/screenshots
// and shown by docs/screens.md; a page that no line here asks for is photographed as it opens.
import { writeFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { demoPreset, presets } from "../lib/runs/presets";
import { labelledDataset } from "./pages/add-data";
import { enterAs, importDataset, nextRecord } from "./pages/annotate";
import { corpusRows } from "./pages/corpus";
import { exampleOf, routes } from "./pages/routes";

const widths = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** What was photographed, in that order: the name of its files, and the page. */
const shots: { name: string; path: string }[] = [];

async function shoot(page: Page, name: string, path: string, ready: () => Promise<void>): Promise<void> {
  for (const size of widths)
    for (const theme of ["light", "dark"] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: theme });
      await page.goto(path);
      await ready();
      await page.mouse.move(0, 0);
      await page.evaluate(() => scrollTo(0, 0));
      await page.waitForTimeout(500);
      if (size.width > 1000) {
        // the window as high as the page: the navigation reaches its end
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width: size.width, height: Math.max(size.height, height) });
        await page.waitForTimeout(200);
      }
      await page.screenshot({ path: `docs/screenshots/${fileOf(name, size.width, theme)}` });
    }
  shots.push({ name, path: new URL(page.url()).pathname });
}
const fileOf = (name: string, width: number, theme: string) => `${name}-${width}-${theme}.png`;

/** Whether a path is of a route: `[id]` stands for any one part. */
const isOf = (route: string, path: string) => new RegExp(`^${route.replaceAll("[id]", "[^/]+")}$`).test(path);
/** Whether another screen has the name that the route would have. */
const isNamed = (route: string) => shots.some(({ name }) => name === wordsOf(route).join("-"));
const wordsOf = (route: string) => route.split("/").filter((part) => part !== "" && part !== "[id]");

/** docs/screens.md: each screen as it was photographed. */
function writeGallery(): void {
  const pictures = shots.map(({ name }) => {
    const link = (width: number, theme: string, words: string) =>
      `[${words}](screenshots/${fileOf(name, width, theme)})`;
    const others = [link(1440, "dark", "dark"), link(390, "light", "phone"), link(390, "dark", "phone, dark")];
    return `## ${name}\n\n![${name}](screenshots/${fileOf(name, 1440, "light")})\n\n${others.join(" · ")}\n`;
  });
  const head =
    "# Screens\n\nEvery page, made by `npm run screenshots` on a fresh data folder with two finished runs.\n";
  writeFileSync("docs/screens.md", [head, ...pictures].join("\n"));
}

test("screens", async ({ page, request }) => {
  test.setTimeout(2_400_000);
  await shoot(page, "home-first", "/", () => expect(page.getByRole("heading", { name: "Home" })).toBeVisible());
  await enterAs(page, "Ada");
  await page.goto("/annotate/1");
  for (const key of ["1", "6", "3", "9", "8", "2", "5", "s"]) await page.keyboard.press(key);
  await shoot(page, "annotate", "/annotate/1", () =>
    expect(page.getByRole("article", { name: "Answer B" })).toBeVisible(),
  );
  await page.request.patch("/api/queues/1", { data: { reasonTags: ["more accurate", "clearer", "safer"] } });
  await shoot(page, "annotate-panel", "/annotate/1", async () => {
    await expect(page.getByRole("region", { name: "Prompt" })).toBeFocused();
    await page.keyboard.press("r");
    await expect(page.getByLabel("Reason", { exact: true })).toBeFocused();
  });
  const short = await importDataset(page, "Five minutes", [{ prompt: "Which is warmer?", answers: ["Ice.", "Tea."] }]);
  await page.goto(`/annotate/${short}`);
  await expect(page.getByRole("region", { name: "Prompt" })).toBeFocused();
  await page.keyboard.press("7");
  await shoot(page, "annotate-end", `/annotate/${short}`, () => expect(page.getByText("A or B better")).toBeVisible());
  const colours = ["The sky, on a clear day.", "Grass after rain.", "Snow.", "A ripe tomato, cut in half."];
  const ranking = await importDataset(page, "Rankings", [{ prompt: "What is most red?", answers: colours }]);
  await shoot(page, "ranking", `/annotate/${ranking}`, async () => {
    await expect(page.getByRole("article", { name: "Answer D" })).toBeVisible();
    await page.keyboard.press("b");
    await page.keyboard.press("d");
  });
  await shoot(page, "data-checks", "/datasets/1/quality", async () => {
    await page.getByRole("button", { name: /^Check the records/ }).click();
    await expect(page.getByText(/records of version 1 checked/)).toBeVisible({ timeout: 60_000 });
  });
  const launched = await request.post("/api/runs", {
    data: { name: demoPreset.name, data: demoPreset.data, config: demoPreset.config },
  });
  const { id } = (await launched.json()) as { id: string };
  await shoot(page, "launch", "/runs/new", async () => {
    await page.getByRole("button", { name: "Preview data" }).click();
    await expect(page.getByRole("region", { name: "Memory" })).toBeVisible({ timeout: 60_000 });
  });
  await page.goto(`/runs/${id}`);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 300_000 });
  await shoot(page, "run", `/runs/${id}`, () => expect(page.getByRole("figure", { name: /Accuracy/ })).toBeVisible());
  await shoot(page, "home", "/", () => expect(page.getByText("Finished").first()).toBeVisible());
  await shoot(page, "datasets", "/datasets", () =>
    expect(page.getByRole("heading", { name: "Datasets", exact: true })).toBeVisible(),
  );
  await shoot(page, "dataset", "/datasets/1", () =>
    expect(page.getByRole("heading", { name: "Annotators" })).toBeVisible(),
  );
  await shoot(page, "records", "/datasets/1/records", () =>
    expect(page.getByRole("table", { name: "Records" })).toBeVisible(),
  );
  await page.keyboard.press("j");
  const open = page.getByRole("region", { name: /^Record \d+$/ });
  await expect(open).toBeVisible();
  await shoot(page, "record", new URL(page.url()).pathname + new URL(page.url()).search, () =>
    expect(open.getByRole("article", { name: "Answer B" })).toBeVisible(),
  );
  await shoot(page, "export", "/datasets/1/export", () => expect(page.getByText(/of \d+ pairs/)).toBeVisible());
  await shoot(page, "dataset-settings", "/datasets/1/settings", () =>
    expect(page.getByLabel("Guidelines")).toBeVisible(),
  );
  await shoot(page, "chat", `/chat?a=${id}`, async () => {
    const another = page.getByRole("button", { name: "New conversation" });
    await page.waitForTimeout(800); // an earlier conversation comes back
    if (await another.isVisible()) await another.click();
    await page.getByLabel("Message").fill("Review The Last Summer in a few sentences.");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "A is better" })).toBeVisible({ timeout: 60_000 });
  });
  const { name, data, config } = presets.find((preset) => preset.id === "ppo")!;
  const second = (await (
    await request.post("/api/runs", { data: { name, data, config: { ...config, maxSteps: 40, sampleEvery: 10 } } })
  ).json()) as { id: string };
  await page.goto(`/runs/${second.id}`);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 400_000 });
  await shoot(page, "compare", `/compare?tab=charts&runs=${id},${second.id}`, () =>
    expect(page.getByRole("figure").locator(".u-over").nth(10)).toBeAttached(),
  );
  const left = routes.filter((route) => !shots.some(({ path }) => isOf(route, path)));
  const labelled = await labelledDataset(request, "Sums");
  for (const route of left)
    await shoot(
      page,
      [...wordsOf(route), ...(isNamed(route) ? ["overview"] : [])].join("-"),
      exampleOf(route, { run: id, labelled }),
      async () => {
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined); // a run's page streams for good
      },
    );
  writeGallery();
});

test("the corpus: sixty texts on two contact sheets", async ({ page }) => {
  test.setTimeout(600_000);
  await enterAs(page, "Ada");
  const rows = corpusRows();
  const queue = await importDataset(page, "Corpus", rows);
  for (const { width, height } of widths) {
    const sheet: string[] = [];
    await page.setViewportSize({ width, height });
    await page.goto(`/annotate/${queue}`);
    let shown = "";
    for (const _ of rows) {
      shown = await nextRecord(page, shown);
      await page.waitForTimeout(300);
      sheet.push((await page.screenshot({ fullPage: true })).toString("base64"));
      await page.keyboard.press("s");
    }
    for (const _ of rows) await page.keyboard.press("z");
    await expect(page.getByText(/^0 \/ /)).toBeVisible({ timeout: 60_000 });
    const album = await page.context().newPage();
    await album.setViewportSize({ width: 1440, height: 900 });
    const pictures = sheet.map((png) => `<img src="data:image/png;base64,${png}" style="width:470px">`);
    await album.setContent(
      `<div style="display:flex;flex-wrap:wrap;gap:8px;align-items:start">${pictures.join("")}</div>`,
    );
    await album.screenshot({ path: `docs/screenshots/corpus-${width}.png`, fullPage: true });
    await album.close();
  }
});
