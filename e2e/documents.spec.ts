// A folder of documents becomes training text: what each step dropped is drawn, a document is restored, and the texts become a dataset.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { findings } from "./pages/axe";
import { modelsFolder } from "./pages/models";
import { test } from "./pages/test";

const nouns =
  "baker sister engineer captain teacher mayor gardener gate boat lamp bell ladder map clock window river letter horse table bridge".split(
    " ",
  );
const verbs = "painted repaired forgot carried measured remembered described borrowed counted sold".split(" ");
/** Pages that differ from each other in the order of their words. */
const page = (i: number) => {
  const word = (words: string[], k: number) => words[(k * (2 * i + 3) + k * k) % words.length]!;
  const sentence = (k: number) =>
    `The ${word(nouns, k)} of the ${word(nouns, k + 3)} ${word(verbs, k)} a ${word(nouns, k + 7)} and ${word(verbs, k + 5)} that ${word(nouns, k + 11)}.`;
  const text = Array.from({ length: 14 }, (_, k) => `${sentence(k + i)} Number ${i * 100 + k} was different.`).join(
    " ",
  );
  return `<html><body><nav><a href="/">Home</a></nav><article><p>${text}</p></article></body></html>`;
};

function folderOfDocuments(): string {
  mkdirSync(modelsFolder, { recursive: true });
  const folder = mkdtempSync(join(modelsFolder, "documents-"));
  for (let i = 0; i < 6; i++) writeFileSync(join(folder, `page-${i}.html`), page(i));
  writeFileSync(join(folder, "again.html"), page(0));
  writeFileSync(join(folder, "short.txt"), "The harbour is closed, and nobody knows why it is.");
  writeFileSync(join(folder, "damaged.pdf"), "%PDF-1.4 and nothing else");
  return folder;
}

const left = (page: Page, step: string) => page.getByRole("listitem").filter({ hasText: new RegExp(`^${step}`) });

test("documents of a folder become rows to train on, and one that a rule dropped is restored", {
  tag: "@long",
}, async ({ page }) => {
  test.setTimeout(180_000);
  await enterAs(page, "Brings documents");
  await page.goto("/datasets/add");
  await page.getByRole("link", { name: "From documents" }).click();
  await expect(page.getByRole("heading", { name: "Training text of documents" })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.getByLabel("A folder or a file on this machine").fill(join(modelsFolder, "none"));
  await page.getByRole("button", { name: "Make training text" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "no such file" })).toBeVisible();
  await page.getByLabel("A folder or a file on this machine").fill(folderOfDocuments());
  await page.getByLabel("Files with rows to test a model with").fill("/etc/all my tests.jsonl");
  await page.getByRole("button", { name: "Make training text" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "/etc/all my tests.jsonl is in none of" })).toBeVisible();
  await page.getByLabel("Files with rows to test a model with").fill("");
  await page.getByLabel("Name", { exact: true }).fill("Harbour pages");
  await page.getByLabel("Gopher: repetition").uncheck();
  await page.getByRole("button", { name: "Make training text" }).click();

  await expect(page.getByRole("heading", { name: "What each step dropped" })).toBeVisible({ timeout: 90_000 });
  await expect(left(page, "Found")).toContainText("9 left");
  await expect(left(page, "Extraction")).toContainText("8 left, −1");
  await expect(left(page, "Quality rules")).toContainText("gopher_short_doc 1");
  await left(page, "Extraction").getByText("Samples of extraction").click();
  await expect(left(page, "Extraction").getByText(/damaged\.pdf$/)).toBeVisible();
  await expect(left(page, "Extraction").getByRole("button", { name: "Restore" })).toHaveCount(0); // nothing was read
  await expect(left(page, "Exact duplicates")).toContainText("−1");
  await expect(left(page, "Kept")).toContainText("6 left");
  await page.getByText("Samples of quality rules").click();
  await expect(page.getByText(/^gopher_short_doc 10$/)).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1440, height: 900 });

  await left(page, "Quality rules").getByRole("button", { name: "Restore" }).click();
  await expect(left(page, "Kept")).toContainText("7 left", { timeout: 90_000 });
  await expect(left(page, "Quality rules")).toContainText("1 restored");
  await page.getByRole("button", { name: "Use as training text" }).click();
  await expect(page.getByRole("region", { name: "Import preview" })).toContainText(/7 rows .* texts/);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: /7 .*imported/ })).toBeVisible();
  await page.goto("/datasets/add/documents");
  await page.getByRole("link", { name: "Harbour pages" }).click();
  await page.getByRole("button", { name: "Delete the corpus" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("link", { name: "Harbour pages" })).toHaveCount(0);
});

test("where there is no reward model, the form says how to get one", async ({ page }) => {
  await enterAs(page, "Has no reward model");
  await page.route("**/api/models", (route) => route.fulfill({ json: [] }));
  await page.goto("/datasets/add/documents");
  await expect(page.getByText("A reward model scores what the steps above keep, and there is none yet")).toBeVisible();
  await expect(page.getByLabel("Reward model", { exact: true })).toHaveCount(0);
  await page.getByRole("link", { name: "train one" }).click();
  await expect(page.getByRole("heading", { name: "New run" })).toBeVisible();
});
