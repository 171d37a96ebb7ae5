// Data comes in as people have it: files of known layouts, columns of other names, many files at once; then the dataset says where it came from.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { chooseFiles, fileOf } from "./pages/add-data";
import { enterAs } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

const shareGpt = (i: number) => ({
  conversations: [{ from: "human", value: `What is ${i} + ${i}?` }],
  chosen: { from: "gpt", value: `It is ${2 * i}.` },
  rejected: { from: "gpt", value: `It is ${2 * i + 1}.` },
});
const file = (name: string, rows: object[], more = "") =>
  fileOf(name, rows.map((row) => JSON.stringify(row)).join("\n") + more);
const three = [0, 1, 2];
const preview = (page: Page) => page.getByRole("region", { name: "Import preview" });
const importIt = (page: Page) => page.getByRole("button", { name: "Import", exact: true }).click();

test.beforeEach(async ({ page }) => {
  await enterAs(page, "Brings data");
  await page.goto("/datasets/add");
});

test("a ShareGPT file is recognised, its columns and turns are told, and it is annotated under its own name, with its file and hash", async ({
  page,
}) => {
  await chooseFiles(page, file("chats.jsonl", three.map(shareGpt)));
  await expect(preview(page)).toContainText("3 rows of the file can be imported as labelled pairs.");
  await expect(preview(page)).toContainText("Layout: ShareGPT with a pair.");
  await expect(preview(page).getByRole("row", { name: /^chosen/ })).toContainText("the better answer");
  await preview(page).getByText("Turns: role and content").click();
  await preview(page).getByLabel("Speaker human").selectOption("User");
  await expect(preview(page)).toContainText("3 rows of the file can be imported as labelled pairs.");
  expect(await findings(page)).toEqual([]);
  await page.getByRole("radio", { name: /^To annotate/ }).check();
  await importIt(page);
  const report = page.getByRole("status").filter({ hasText: "3 records added to chats" });
  await report.getByRole("link", { name: "Open records" }).click();
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByText(/^Added by Brings data/)).toBeVisible();
  await expect(page.getByText(/chats\.jsonl/)).toBeVisible();
  await expect(page.getByText("human is the user")).toBeVisible();
});

test("a column of an Alpaca file is mapped by hand, and the next file with the same columns is read alike", async ({
  page,
}) => {
  const row = (i: number) => ({ instruction: `Count to ${i}.`, input: "", Antwort: `${i}` });
  await chooseFiles(page, file("alpaca.jsonl", three.map(row)));
  await expect(preview(page)).toContainText("3 rows of the file can be imported as prompts.");
  await expect(preview(page).getByRole("row", { name: /^Antwort/ })).toContainText("nothing reads it");
  await preview(page).getByLabel("Antwort").selectOption("Answer");
  await expect(preview(page)).toContainText("3 rows of the file can be imported as SFT rows.");
  await importIt(page);
  await expect(page.getByRole("status").filter({ hasText: "3 SFT rows imported as alpaca" })).toBeVisible();
  await page.getByRole("button", { name: "Add more data" }).click();
  await chooseFiles(page, file("more.jsonl", [row(7)]));
  await expect(preview(page)).toContainText("1 row of the file can be imported as SFT rows.");
  await expect(preview(page).getByLabel("Antwort")).toHaveValue("completion");
});

test("name, columns and purpose that were chosen are there again when the page is loaded again, or its reader is renamed", async ({
  page,
}) => {
  const row = (i: number) => ({ instruction: `Count from ${i}.`, input: "", Reponse: `${i}` });
  await chooseFiles(page, file("chosen.jsonl", three.map(row)));
  await preview(page).getByLabel("Reponse").selectOption("Answer");
  await expect(preview(page)).toContainText("3 rows of the file can be imported as SFT rows.");
  await page.getByLabel("Dataset", { exact: true }).fill("counted from");
  const asChosen = async () => {
    await expect(page.getByLabel("Dataset", { exact: true })).toHaveValue("counted from");
    await expect(preview(page).getByLabel("Reponse")).toHaveValue("completion");
  };
  await page.reload();
  await asChosen();
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Brings more data");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Account/ })).toHaveText("Brings more data");
  await asChosen();
});

test("after an import the page asks for more data, and says nothing of lost files", async ({ page }) => {
  await chooseFiles(page, file("first-of-two.jsonl", three.map(shareGpt)));
  await expect(preview(page)).toContainText("3 rows of the file can be imported as labelled pairs.");
  await importIt(page);
  await expect(page.getByRole("status").filter({ hasText: "imported as first-of-two" })).toBeVisible();
  await page.waitForLoadState("networkidle"); // the page is asked for again, with the upload in its address
  await page.getByRole("button", { name: "Add more data" }).click();
  await expect(page.getByRole("button", { name: "Add more data" })).toBeHidden();
  await expect(page.getByText("no longer here")).toBeHidden();
});

test("two files at once are one dataset; a folder of this machine is another", async ({ page }) => {
  const second = [shareGpt(3), shareGpt(4)];
  await chooseFiles(page, file("part-1.jsonl", three.map(shareGpt)), file("part-2.jsonl", second, "\n{broken"));
  await expect(preview(page)).toContainText("5 rows of the 2 files can be imported as labelled pairs; 1 row cannot");
  await expect(preview(page)).toContainText("of part-2.jsonl: not JSON");
  await page.getByLabel("Dataset", { exact: true }).fill("both parts");
  await importIt(page);
  const report = page.getByRole("status").filter({ hasText: "5 labelled pairs imported as both parts" });
  await expect(report).toContainText("1 line skipped");
  await page.goto("/datasets");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page
      .getByRole("row", { name: /both parts/ })
      .getByRole("link", { name: "Export" })
      .click(),
  ]);
  const exported = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n");
  expect(exported.map((line) => JSON.parse(line) as unknown)).toEqual([0, 1, 2, 3, 4].map(shareGpt));

  await page.goto("/datasets/add");
  await page.getByRole("button", { name: "Path on this machine" }).click();
  await page.getByLabel("A file or a folder").fill("data/layouts/alpaca.json");
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await expect(preview(page)).toContainText("Layout: Alpaca.");
});

test("of a folder whose dataset card names several splits, the one that is wanted is chosen", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-card-"));
  const data = join(folder, "cards");
  mkdirSync(data);
  const split = (name: string) => `  - split: ${name}\n    path: ${name}.jsonl\n`;
  writeFileSync(
    join(data, "README.md"),
    `---\nconfigs:\n- config_name: main\n  data_files:\n${split("train")}${split("test")}---\n`,
  );
  const text = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");
  writeFileSync(join(data, "train.jsonl"), text(three.map(shareGpt)));
  writeFileSync(join(data, "test.jsonl"), text([shareGpt(7)]));
  await page.getByLabel("or a folder", { exact: true }).setInputFiles(data);
  await expect(preview(page)).toContainText("3 rows of the file can be imported as labelled pairs.");
  await page.getByLabel("Split of the dataset card").selectOption("main: test");
  await expect(preview(page)).toContainText("1 row of the file can be imported as labelled pairs.");
  expect(await findings(page)).toEqual([]);
  await importIt(page);
  await expect(page.getByRole("status").filter({ hasText: "imported as cards" })).toBeVisible();
});

test("the address holds what was chosen: loaded again the page shows it, and afterwards what came of it; the job leads there", async ({
  page,
}) => {
  await chooseFiles(page, file("kept-here.jsonl", three.map(shareGpt)));
  await expect(preview(page)).toContainText("3 rows of the file can be imported as labelled pairs.");
  await expect(page).toHaveURL(/\/datasets\/add\?upload=[0-9a-f-]{36}$/);
  await page.reload();
  await expect(preview(page)).toContainText("3 rows of the file can be imported as labelled pairs.");
  await expect(page.getByLabel("Dataset", { exact: true })).toHaveValue("kept-here");
  await importIt(page);
  const report = page.getByRole("status").filter({ hasText: "3 labelled pairs imported as kept-here" });
  await expect(report).toBeVisible();
  const address = page.url();
  await page.goto("/");
  const jobs = (await (await page.request.get("/api/jobs")).json()) as { title: string; href: string }[];
  const { href } = jobs.find(({ title }) => title === "Import of kept-here")!;
  expect(address.endsWith(href)).toBe(true);
  await page.goto(href);
  await expect(report).toBeVisible();
  await page.goto(`/datasets/add?upload=${crypto.randomUUID()}`);
  await expect(page.getByText("These files are no longer here")).toBeVisible();
});

test("sending and importing many rows tells how far it is, and cancelled it leaves nothing", { tag: "@long" }, async ({
  page,
}) => {
  const rows = Array.from({ length: 120_000 }, (_, i) => shareGpt(i));
  await chooseFiles(page, file("many.jsonl", rows));
  await expect(preview(page)).toContainText(
    "1,000 rows of the beginning of the file can be imported as labelled pairs.",
  );
  await page.getByRole("radio", { name: /^To annotate/ }).check();
  await importIt(page);
  await expect(page.getByText(/\d+ of 120000 records stored/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Cancelled; nothing was imported.")).toBeVisible();
  await page.goto("/datasets");
  await page.getByLabel("Search datasets").fill("many");
  await expect(page.getByText("No dataset matches")).toBeVisible();
});
