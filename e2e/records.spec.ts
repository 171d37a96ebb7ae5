// The records browser: search, facets, an address for each view, a record with its votes, and what is done to many at once.
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset, listens } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

const breads = ["rye", "wheat", "spelt", "maize"];
const rows = Array.from({ length: 120 }, (_, i) => ({
  prompt: `Question ${i}: which ${breads[i % 4]} bread?`,
  answers: [`Loaf ${i}`, `Bun ${i}`],
}));
const status = (page: Page) => page.getByRole("status").filter({ hasText: /of [\d,]+ records/ });
const record = (page: Page) => page.getByRole("region", { name: /^Record \d+$/ });

async function openRecords(page: Page, name: string): Promise<number> {
  await enterAs(page, `Reads ${name}`);
  const queue = await importDataset(page, name, rows);
  await page.goto(`/annotate/${queue}`);
  await listens(page, rows[0]!.prompt);
  await page.keyboard.press("r");
  await page.keyboard.type("the crust");
  await page.keyboard.press("Escape");
  for (const key of ["1", "9", "s"]) await page.keyboard.press(key);
  await listens(page, rows[3]!.prompt);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.goto(`/datasets/${queue}/records`);
  await expect(status(page)).toHaveText("120 of 120 records");
  return queue;
}

test("U3: a record is found by its text or a reason, a view is an address, and Back walks through them", async ({
  page,
}) => {
  const queue = await openRecords(page, "found");
  await page.getByLabel("Search records").fill("rye bread");
  await expect(status(page)).toHaveText("30 of 120 records");
  await expect(page.locator("mark").first()).toHaveText("rye");
  await page.getByLabel("Search records").fill("crust");
  await expect(status(page)).toHaveText("1 of 120 records");
  await page.getByLabel("Search records").fill("");
  await expect(status(page)).toHaveText("120 of 120 records");
  await page.getByLabel(/^Skipped/).check();
  await expect(status(page)).toHaveText("1 of 120 records");
  await expect(page).toHaveURL(/status=skipped/);
  await page.getByLabel(/^No preference/).check();
  await expect(status(page)).toHaveText("2 of 120 records");
  await expect(page).toHaveURL(/status=.+status=/); // written while Back is under way, it would lead one view too far
  await page.goBack();
  await expect(status(page)).toHaveText("1 of 120 records");
  await page.goto(`/datasets/${queue}/records?q=wheat&sort=updated`);
  await expect(status(page)).toHaveText("30 of 120 records");
  await expect(page.getByLabel("Search records")).toHaveValue("wheat");
  expect(await findings(page)).toEqual([]);
});

test("U3, U23: a record opens with its votes, names, times and reasons; j and k go on, and it opens in Annotate", async ({
  page,
}) => {
  const queue = await openRecords(page, "opened");
  await page.keyboard.press("j");
  await expect(record(page)).toContainText("Question 0");
  await expect(record(page)).toContainText(/A much better Reads opened · .* s/);
  await expect(record(page)).toContainText("the crust");
  await expect(page).toHaveURL(/record=\d+/);
  await page.keyboard.press("j");
  await expect(record(page)).toContainText("Question 1");
  await expect(record(page)).toContainText("Tie Reads opened");
  await page.keyboard.press("k");
  await expect(record(page)).toContainText("Question 0");
  expect(await findings(page)).toEqual([]);
  const id = new URL(page.url()).searchParams.get("record");
  await expect(page.getByRole("link", { name: "Open in Annotate" })).toHaveAttribute(
    "href",
    `/annotate/${queue}?record=${id}`,
  );
  await page.reload();
  await expect(record(page)).toContainText("the crust");
  await page.keyboard.press("Escape");
  await expect(record(page)).toHaveCount(0);
});

test("U24: many records are excluded at once after a question with their number, and all of it can be undone", async ({
  page,
}) => {
  await openRecords(page, "excluded");
  await page.getByLabel("Search records").fill("maize");
  await expect(status(page)).toHaveText("30 of 120 records");
  await page.getByRole("button", { name: "Choose all 30" }).click();
  await page.getByRole("button", { name: "Exclude", exact: true }).click();
  await expect(page.getByRole("alertdialog")).toContainText("Exclude 30 records?");
  await page.getByRole("button", { name: "Exclude 30" }).click();
  await expect(page.getByText("30 records excluded.")).toBeVisible();
  await expect(page.getByLabel(/^Excluded/)).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByLabel(/^Excluded/)).toHaveCount(0);
});

test("pages follow while one scrolls, and only what is seen is in the page", async ({ page }) => {
  await openRecords(page, "scrolled");
  const table = page.getByRole("table", { name: "Records" });
  await expect(table.getByText("Question 0:")).toBeVisible();
  for (const seen of ["Question 29:", "Question 59:", "Question 89:", "Question 119:"]) {
    await expect(async () => {
      await table.locator("..").evaluate((box) => box.scrollTo(0, box.scrollHeight)); // to the end of what has come by now
      await expect(table.getByText(seen)).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 30_000 });
  }
  expect(await table.getByRole("row").count()).toBeLessThan(60);
});

test("U3, U24: chosen records are tagged and returned, a range narrows them, and the view is saved under a name", async ({
  page,
}) => {
  const queue = await openRecords(page, "kept");
  await page.getByLabel("Search records").fill("spelt");
  await expect(status(page)).toHaveText("30 of 120 records");
  await page.getByRole("button", { name: "Choose all 30" }).click();
  await page.getByRole("button", { name: "Tag…" }).click();
  await page.getByLabel("Tag", { exact: true }).fill("to discuss");
  await page.getByRole("button", { name: "Put on" }).click();
  await expect(page.getByText("30 records tagged to discuss.")).toBeVisible();
  await page.getByLabel(/^to discuss/).check();
  await expect(page).toHaveURL(/tag=to\+discuss/);
  await page.getByLabel("Search records").fill("");
  await expect(status(page)).toHaveText("30 of 120 records");
  const seconds = page.getByRole("group", { name: "Seconds to annotate" });
  await seconds.getByText("Other range").click();
  await seconds.getByLabel("Seconds to annotate: to").fill("600");
  await seconds.getByRole("button", { name: "Apply" }).click();
  await expect(status(page)).toHaveText("1 of 120 records"); // the one of them that was skipped
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Save what is shown as").fill("Quick ones");
  await page.getByRole("dialog", { name: "Views" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Quick ones", exact: true })).toBeVisible();
  await page.goto(`/datasets/${queue}/records`);
  await expect(status(page)).toHaveText("120 of 120 records");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Quick ones", exact: true }).click();
  await expect(status(page)).toHaveText("1 of 120 records");
  await page.goto(`/datasets/${queue}/records?seconds=..600`);
  await expect(status(page)).toHaveText("3 of 120 records");
  await page.getByRole("button", { name: "Choose all 3" }).click();
  await page.getByRole("button", { name: "Return…" }).click();
  await page.getByLabel("Note to the annotators").fill("Read the crust again.");
  await page.getByRole("dialog").getByRole("button", { name: "Return", exact: true }).click();
  await expect(page.getByText("3 records returned to 1 annotator.")).toBeVisible();
  await expect(page.getByLabel(/^Returned/)).toBeVisible();
});

test("columns are chosen, kept in the address, and saved with a view", async ({ page }) => {
  await openRecords(page, "columns");
  const heads = () => page.getByRole("table", { name: "Records" }).getByRole("columnheader").allTextContents();
  expect(await heads()).toEqual([
    ...["Chosen", "#", "Prompt", "A", "B", "Label", "p", "Votes A : B", "Annotators", "Updated"],
  ]);
  await page.getByRole("button", { name: "Columns", exact: true }).click();
  await page.getByRole("checkbox", { name: "Reward gap" }).check();
  await page.getByRole("checkbox", { name: "Annotators" }).uncheck();
  await expect(page).toHaveURL(/columns=a\.b\.label\.p\.gap\.votes\.updated/);
  await page.keyboard.press("Escape");
  await page.reload();
  expect(await heads()).toEqual([
    ...["Chosen", "#", "Prompt", "A", "B", "Label", "p", "Reward gap", "Votes A : B", "Updated"],
  ]);
  // one vote by somebody of whom nothing is known: the prior's three in four and a little more
  await expect(page.getByRole("row").filter({ hasText: "Question 0:" })).toContainText(/0\.[789]\d/);
  await page.getByRole("group", { name: "Label probability" }).getByRole("checkbox").first().check();
  await expect(status(page)).toHaveText("1 of 120 records");
});
