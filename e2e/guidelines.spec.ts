// Guidelines that change while people annotate: read and agreed once, before the next record; a minor change asks nobody.
import { type Browser, expect, type Page } from "@playwright/test";
import { enterAs, importDataset, listens, prompt } from "./pages/annotate";
import { findings, looksRight } from "./pages/axe";
import { test } from "./pages/test";

async function annotator(browser: Browser, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await enterAs(page, name);
  return page;
}

const saved = (page: Page) => expect(page.getByText("Saved", { exact: true })).toBeVisible();

async function write(page: Page, queue: number, guidelines: string, asks: boolean): Promise<void> {
  await page.goto(`/datasets/${queue}/settings`);
  await page.getByLabel("Guidelines", { exact: true }).fill(guidelines);
  const again = page.getByLabel("Ask annotators to read it again");
  await expect(again).toBeChecked();
  if (!asks) await again.uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved ✓")).toBeVisible();
}

test("guidelines that changed are read and agreed to once, with the keyboard; each vote keeps its version", async ({
  page,
  browser,
}) => {
  await enterAs(page, "Writes guidelines");
  const rows = [0, 1, 2, 3].map((i) => ({ prompt: `question ${i}`, answers: [`a ${i}`, `b ${i}`] }));
  const queue = await importDataset(page, "read and agreed", rows);
  await write(page, queue, "Prefer the shorter answer.", true);
  expect(await findings(page)).toEqual([]);

  const rater = await annotator(browser, "Reads guidelines");
  await rater.goto(`/annotate/${queue}`);
  await listens(rater, "question 0"); // a newcomer is asked nothing
  await rater.keyboard.press("1");
  await saved(rater);

  await write(page, queue, "Prefer the truer answer.", true);
  await rater.context().setOffline(true);
  await rater.keyboard.press("2");
  await expect(rater.getByText("1 to send")).toBeVisible();
  await rater.context().setOffline(false);
  await rater.reload();
  const news = rater.getByRole("region", { name: "New guidelines" });
  await expect(news.getByRole("article", { name: "Before" }).locator("mark")).toHaveText(["shorter"]);
  await expect(news.getByRole("article", { name: "Now" }).locator("mark")).toHaveText(["truer"]);
  await expect(news.getByRole("button", { name: "I have read it" })).toBeFocused();
  await rater.keyboard.press("3"); // votes on nothing that is not shown
  await looksRight(rater);
  await rater.goto(`/annotate/${queue}/list`); // nor does the list go around it
  await expect(news).toBeVisible();
  await expect(news.getByRole("button")).toBeFocused();
  await rater.keyboard.press("Enter");
  await expect(rater.getByRole("link", { name: /question 2/ })).toBeVisible();

  await write(page, queue, "Prefer the truer answer!", false);
  await rater.goto(`/annotate/${queue}`);
  await listens(rater, "question 2"); // a minor change asks nobody
  await rater.keyboard.press("1");
  await expect(prompt(rater)).toHaveText("Prompt: question 3");
  await saved(rater);
  const events = await (await page.request.get(`/api/queues/${queue}/export?rows=events`)).text();
  const told = events
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { what: string; guidelines?: number });
  expect(told.filter(({ what }) => what !== "change").map(({ what, guidelines }) => [what, guidelines])).toEqual([
    ["vote", 1],
    ["vote", 1], // offline, under what was on screen
    ["read", 2],
    ["vote", 3],
  ]);
  await page.reload();
  const versions = page.getByRole("listitem").filter({ hasText: /^Version \d/ });
  await expect(versions).toHaveText([
    /Version 3.*nobody was asked/,
    /Version 2.*agreed by 1/,
    /Version 1.*agreed by 0/,
  ]);
  await page.goto(`/datasets/${queue}/records`);
  await page.getByText("question 1").click();
  await expect(page.getByText("guidelines version 1, now 3")).toBeVisible();
  await rater.context().close();
});
