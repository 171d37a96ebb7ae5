import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { chooseFiles, fileOf } from "./pages/add-data";
import { enterAs, importDataset, listens, prompt } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

test("import: bad lines by number and reason, the rest in; annotated pairs are exported as TRL rows", async ({
  page,
}) => {
  await enterAs(page, "Importer");
  await page.goto("/datasets");
  await page.getByRole("link", { name: "Add data" }).click();
  const lines = [
    '{"prompt": "2+2?", "answers": ["4", "5"]}',
    "{broken",
    '{"prompt": "3+3?", "chosen": "6", "rejected": "7"}',
    '{"prompt": "x"}',
  ];
  await chooseFiles(page, fileOf("sums.jsonl", lines.join("\n")));
  await expect(page.getByLabel("Dataset", { exact: true })).toHaveValue("sums");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const report = page.getByRole("status").filter({ hasText: "records added to" });
  await expect(report).toContainText("2 records added to sums");
  await expect(report).toContainText("2 lines skipped");
  await expect(report).toContainText("Line 2: not JSON");
  await expect(report).toContainText("Line 4:");

  await report.getByRole("link", { name: "Annotate" }).click();
  await listens(page, "2+2?");
  const answerA = await page.getByRole("article", { name: "Answer A" }).locator(".prose-answer").textContent();
  await page.keyboard.press("1");
  await page.keyboard.press("s");
  await expect(page.getByText("All done")).toBeVisible();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.goto("/datasets");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("row", { name: /sums/ }).getByRole("link", { name: "Export" }).click(),
  ]);
  const rows = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { prompt: unknown; chosen: { content: string }[] });
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    prompt: [{ role: "user", content: "2+2?" }],
    chosen: [{ role: "assistant", content: answerA }],
  });
});

test("U8: an import without one good row says what is wrong with it, and is not offered", async ({ page }) => {
  await enterAs(page, "Importer");
  await page.goto("/datasets/add");
  await chooseFiles(page, fileOf("bad.jsonl", "nothing"));
  await expect(page.getByRole("region", { name: "Import preview" })).toContainText("Row 1: not JSON");
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
});

test("generates responses with a model of this machine, straight into a dataset", async ({ page }) => {
  await enterAs(page, "Asks for more");
  await page.goto("/datasets");
  await page.getByLabel("Model A").selectOption("base:tiny");
  await page.getByLabel("Prompts from").selectOption("film-reviews");
  await page.getByLabel("Add to dataset").fill("Fresh reviews");
  await page.getByLabel("Number of prompts").fill("4");
  await page.getByLabel("Responses per prompt").fill("4");
  await page.getByLabel("Max new tokens").fill("96");
  await page.getByRole("button", { name: "Generate", exact: true }).click();
  await expect(page.getByRole("main").getByRole("status").filter({ hasText: "Fresh reviews" })).toHaveText(
    /Fresh reviews: 4 of 4 prompts, \d new pairs/,
    {
      timeout: 90_000,
    },
  );
  await page.getByRole("link", { name: "Fresh reviews" }).click();
  await page.getByRole("main").getByRole("link", { name: "Annotate", exact: true }).click();
  await expect(prompt(page)).toHaveText(/film|think|Review/);
  expect(await page.getByRole("article").count()).toBeGreaterThan(2); // a ranking of those that are not much alike
});

test("columns of any name: the first rows are shown as they would be read, then imported", async ({ page }) => {
  await enterAs(page, "Mapper");
  await page.goto("/datasets/add");
  const csv = "question,good,bad\nWhat is up?,The sky.,Down.\nAnd down?,The ground.,The sky.\n";
  await chooseFiles(page, fileOf("odd.csv", csv));
  const preview = page.getByRole("region", { name: "Import preview" });
  await expect(preview).toContainText("2 rows of the file can be imported as prompts.");
  await preview.getByLabel("question").selectOption("Prompt");
  await preview.getByLabel("good").selectOption("Better answer");
  await preview.getByLabel("bad").selectOption("Worse answer");
  await expect(preview).toContainText("2 rows of the file can be imported as labelled pairs.");
  await page.getByRole("radio", { name: /^To annotate/ }).check();
  await expect(preview).toContainText("2 rows of the file can be imported as pairs to annotate.");
  await expect(preview.getByText("The ground.")).toBeVisible();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "records added to" })).toContainText(
    "2 records added to odd",
  );
});

test("rows are pasted", async ({ page }) => {
  await enterAs(page, "Paster");
  await page.goto("/datasets/add");
  await page.getByRole("button", { name: "Paste rows" }).click();
  await page.getByLabel(/^Rows/).fill('{"prompt": "p", "answers": ["one", "two", "three"]}');
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await page.getByLabel("Dataset", { exact: true }).fill("from the clipboard");
  await expect(page.getByText("1 row of the file can be imported as pairs to annotate.")).toBeVisible();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "records added to" })).toContainText(
    "1 records added to from the clipboard",
  );
});

const card = (page: Page, title: string) =>
  page.getByRole("heading", { name: title }).locator("xpath=ancestor::section[1]");

test("U24: data checks find a duplicate and an email address; an exclusion can be undone; excluded records are not annotated", async ({
  page,
}) => {
  await enterAs(page, "Checks data");
  const queue = await importDataset(page, "ill", [
    { prompt: "Who?", answers: ["He did.", "She did."] },
    { prompt: "who?", answers: ["she did.", "he did."] },
    { prompt: "Where?", answers: ["Ask me@home.example.", "There."] },
    { prompt: "When?", answers: ["Now.", "Then."] },
  ]);
  await page.goto(`/datasets/${queue}`);
  await page.getByRole("link", { name: "Quality" }).click();
  await page.getByRole("button", { name: "Check the records" }).click();
  await expect(page.getByText("4 records of version 1 checked")).toBeVisible({ timeout: 60_000 }); // a program of its own
  expect(await findings(page)).toEqual([]);
  const exclude = async (check: string) => {
    await card(page, check).getByRole("button", { name: "Exclude 1" }).click();
    await expect(card(page, check).getByText("1 of them are excluded or changed by now.")).toBeVisible();
  };
  await exclude("Duplicates: 1");
  await exclude("Personal data and secrets: 1");
  await page.locator("[data-front=true]").getByRole("button", { name: "Undo" }).click(); // U24: the last one is back
  await expect(page.getByText(/Version 4: 1 record brought back \(version 3 undone\), by Checks data/)).toBeVisible();
  await exclude("Personal data and secrets: 1");
  await page.goto(`/annotate/${queue}`);
  await expect(page.getByText("0 / 2")).toBeVisible();
});

const two = (name: string) => [1, 2].map((i) => ({ prompt: `${name} ${i}`, answers: [`a ${i}`, `b ${i}`] }));
const act = async (page: Page, name: string, action: string) => {
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: action }).click();
};
const rowOf = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });

test("U4: in the list a dataset is found, renamed, copied, archived and deleted, and a deletion is told and taken back", async ({
  page,
}) => {
  await enterAs(page, "Keeps order");
  await importDataset(page, "Spelt wrong", two("order"));
  await page.goto("/datasets");
  await page.getByLabel("Search datasets").fill("spelt");
  await expect(page.getByRole("row")).toHaveCount(2);
  await act(page, "Spelt wrong", "Rename");
  await page.getByLabel("Name", { exact: true }).fill("Spelt right");
  await page.keyboard.press("Enter");
  await expect(rowOf(page, "Spelt right")).toBeVisible();
  await act(page, "Spelt right", "Duplicate");
  await expect(page.getByRole("heading", { level: 1, name: "Spelt right (copy)" })).toBeVisible();
  await act(page, "Spelt right (copy)", "Delete…");
  await expect(page.getByRole("alertdialog")).toContainText("2 records can no longer be seen");
  expect(await findings(page)).toEqual([]);
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/datasets$/);
  await page.getByLabel("Search datasets").fill("spelt");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0); // a toast that goes gives the focus back, which closes a menu
  await expect(page.getByRole("row")).toHaveCount(3);
  await act(page, "Spelt right", "Archive");
  await expect(rowOf(page, "Spelt right")).toHaveCount(0);
  await page.getByLabel(/^Archived/).check();
  await expect(rowOf(page, "Spelt right")).toBeVisible();
  await page.goto("/annotate");
  await expect(page.getByText("Spelt right", { exact: true })).toHaveCount(0);
});

test("U21, U22: settings are saved together; what is not saved survives a click elsewhere, and a bad value is told at its field", async ({
  page,
}) => {
  await enterAs(page, "Sets things");
  const queue = await importDataset(page, "Set", two("set"));
  await page.goto(`/datasets/${queue}/settings`);
  await page.getByLabel("Guidelines").fill("Prefer the kinder one.");
  await page.getByLabel("Qualification round").fill("abc");
  await expect(page.getByText("2 unsaved changes")).toBeVisible();
  await page.getByRole("link", { name: "Home" }).first().click();
  await expect(page).toHaveURL(/\/$/);
  await page.goBack();
  await expect(page.getByText("2 unsaved changes from an earlier visit")).toBeVisible();
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("Enter a whole number from 0 to 100.")).toBeVisible();
  await expect(page.getByLabel("Qualification round")).toHaveValue("abc");
  await page.reload();
  await expect(page.getByLabel("Guidelines")).toHaveValue("Prefer the kinder one.");
  await page.getByLabel("Qualification round").fill("2");
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("Saved ✓")).toBeVisible();
  await page.reload();
  await expect(page.getByText("No unsaved changes")).toBeVisible();
  await expect(page.getByLabel("Qualification round")).toHaveValue("2");
});

test("U28: an export says how much each form holds and shows its first rows; empty ones cannot be taken", async ({
  page,
}) => {
  await enterAs(page, "Takes away");
  const queue = await importDataset(page, "Exported", two("export"));
  await page.goto(`/datasets/${queue}/export`);
  await expect(page.getByRole("radio", { name: /^TRL/ })).toBeDisabled();
  await expect(page.getByRole("radio", { name: /^Rewrites 0 answers/ })).toBeDisabled();
  await expect(page.getByRole("link", { name: "Download" })).toHaveAttribute("href", /rows=items/);
  await page.goto(`/annotate/${queue}`);
  await expect(page.getByRole("article", { name: "Answer A" })).toBeVisible();
  await page.keyboard.press("1");
  await page.keyboard.press("4");
  await expect(page.getByText("All done")).toBeVisible();
  await page.goto(`/datasets/${queue}/export`);
  await expect(page.getByText("2 of 2 pairs")).toBeVisible();
  await expect(page.getByText('"role": "user"').first()).toBeVisible();
  await page.getByLabel("Strength", { exact: true }).selectOption("4");
  await expect(page.getByText("1 of 2 pairs")).toBeVisible();
  const href = await page.getByRole("link", { name: "Download" }).getAttribute("href");
  expect((await (await page.request.get(href!)).text()).trim().split("\n")).toHaveLength(1);
  expect(await findings(page)).toEqual([]);
});

test("U27: the list of datasets leads its page, and data is added on a page of its own", async ({ page }) => {
  await page.goto("/datasets");
  const list = (await page.getByRole("columnheader", { name: "Name", exact: true }).boundingBox())!;
  const generate = (await page.getByRole("heading", { name: "Generate responses" }).boundingBox())!;
  expect(list.y).toBeLessThan(generate.y);
  await page.getByRole("link", { name: "Add data" }).click();
  await expect(page).toHaveURL(/\/datasets\/add$/);
});

test("datasets are archived, exported and deleted together; what was deleted comes back together", async ({ page }) => {
  await enterAs(page, "Tidies up");
  for (const name of ["Bulk one", "Bulk two"])
    await importDataset(page, name, [{ prompt: `p of ${name}`, answers: ["a", "b"] }]);
  await page.goto("/datasets");
  const search = page.getByRole("searchbox", { name: "Search datasets" });
  const rows = page.getByRole("row", { name: /Bulk (one|two)/ });
  const choose = async () => {
    await search.fill("Bulk");
    await expect(rows).toHaveCount(2);
    await page.getByRole("checkbox", { name: "Select all that are shown" }).check();
    await expect(page.getByText("2 selected")).toBeVisible();
  };
  await choose();
  expect(await findings(page)).toEqual([]);
  await expect(page.getByRole("button", { name: "Export 0" })).toBeDisabled(); // nothing in them is labelled
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await expect(rows).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await choose();
  await page.getByRole("button", { name: "Delete…" }).click();
  const asked = page.getByRole("alertdialog", { name: "Delete 2 datasets?" });
  await expect(asked).toContainText("2 records can no longer be seen");
  await asked.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("2 datasets deleted.")).toBeVisible();
  await expect(rows).toHaveCount(0);
  await page.getByText("2 datasets deleted.").locator("..").locator("..").getByRole("button", { name: "Undo" }).click();
  await expect(rows).toHaveCount(2);
});
