// Findings in a dataset that is being annotated: opened, masked, edited and excluded, with the votes kept, and all of it undone.
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

test.use({ contextOptions: { reducedMotion: "reduce" } }); // a toast that fades in has colours of no theme

const river = "the river rose over the stone bridge in the night and carried the mill away with all of its flour";
const rows = [
  { prompt: "Where do I ask?", answers: ["Write to jane.doe@example.com today.", "There."] },
  { prompt: "What happened?", answers: [`They say that ${river}.`, "Nothing."] },
  { prompt: "How do you spell it?", answers: ["Recieve.", "Reseive."] },
];

const card = (page: Page, title: string) =>
  page.getByRole("heading", { name: title }).locator("xpath=ancestor::section[1]");
const record = (page: Page) => page.getByRole("region", { name: /^Record \d+$/ });
const answers = (page: Page) => page.getByRole("article");

test("a judged record is masked, another edited, one that an evaluation holds excluded: annotators and exports have what is left, and it can be undone", async ({
  page,
}) => {
  await enterAs(page, "Rita");
  const queue = await importDataset(page, "To mend", rows);
  await importDataset(page, "Evaluation", [{ prompt: "Tell me.", answers: [`Well, ${river}.`, "No."] }]);
  await page.goto(`/annotate/${queue}`);
  await expect(answers(page).first()).toBeVisible();
  await page.keyboard.press("1");
  await expect(page.getByText("1 / 3")).toBeVisible();

  await page.goto(`/datasets/${queue}/quality`);
  await page.getByText("Also look for evaluation data in it").click();
  await page.getByRole("checkbox", { name: "Evaluation", exact: true }).check();
  await page.getByRole("button", { name: "Check the records" }).click();
  await expect(page.getByText(/3 records of version 1 checked.*, against Evaluation/)).toBeVisible({ timeout: 60_000 });
  await card(page, "Personal data and secrets: 1").getByRole("button", { name: "Mask 1" }).click();
  await expect(page.getByText("1 record masked.")).toBeVisible();
  await card(page, "Evaluation data (contamination): 1").getByRole("link", { name: "Open the records" }).click();
  await expect(page.getByText("1 of 3 records")).toBeVisible();
  await page.getByText("What happened?").click();
  await expect(record(page).getByText(/^Evaluation data \(contamination\): /)).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("x");
  await expect(page.getByText("1 record excluded.")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Clear the filter/ }).click();

  await page.getByText("How do you spell it?").click();
  await record(page).getByRole("button", { name: "Edit" }).click();
  const wrong = record(page).getByRole("textbox").filter({ hasText: "Recieve." });
  await wrong.fill("Receive.");
  await record(page)
    .getByLabel(/^Reason for record/)
    .fill("spelling");
  await record(page).getByRole("button", { name: "Save as a new version" }).click();
  await expect(record(page).getByText(/Version 4: 1 record edited \(spelling\), by Rita/)).toBeVisible();
  await expect(answers(page).filter({ hasText: "Receive." })).toBeVisible();

  const exported = async (form: string) =>
    (await (await page.request.get(`/api/queues/${queue}/export?rows=${form}`)).text()).trim().split("\n");
  expect((await exported("items")).join()).not.toContain("jane.doe");
  expect(JSON.parse((await exported("pairs"))[0]!)).toMatchObject({ n_raters: 1 }); // the vote on the masked record
  await page.goto(`/annotate/${queue}`);
  await expect(answers(page).filter({ hasText: "Receive." })).toBeVisible();
  await expect(page.getByText("1 / 2")).toBeVisible();

  await page.goto(`/datasets/${queue}/quality`);
  await page.getByRole("button", { name: "Undo version 2" }).click();
  await expect(page.getByText(/Version 5: 1 record brought back \(version 2 undone\), by Rita/)).toBeVisible();
  expect((await exported("items")).join()).toContain("jane.doe@example.com");
});
