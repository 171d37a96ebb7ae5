// Findings in a dataset that came with its labels, acted on row by row: excluded, masked, mended, and all of it undone.
import { expect, type Page } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { findings } from "./pages/axe";
import { formField, withoutEvaluation } from "./pages/launch-form";
import { openTab } from "./pages/runs";
import { test } from "./pages/test";

test.use({ contextOptions: { reducedMotion: "reduce" } }); // a toast that fades in has colours of no theme

const pair = (i: number, rejected = `No, not ${i}.`) => ({
  prompt: `What comes after ${i - 1}?`,
  chosen: `It is ${i}.`,
  rejected,
  note: `row ${i}`,
});
const rows = [pair(1), pair(2), pair(1), pair(4, "Ask jane.doe@example.com."), pair(5)];

async function labelled(page: Page, name: string): Promise<string> {
  const data = rows.map((row) => JSON.stringify(row)).join("\n");
  const answer = await page.request.post(`/api/labelled?name=${name}`, { data });
  return String(((await answer.json()) as { id: number }).id);
}

const quality = async (page: Page, id: string) => {
  await page.goto(`/datasets/labelled/${id}/quality`);
  await page.getByRole("button", { name: /^Check the rows/ }).click();
  await expect(page.getByText("5 rows of version 1 checked")).toBeVisible({ timeout: 60_000 });
};
const row = (page: Page, id: number) => page.getByRole("region", { name: `Row ${id}` });

test("a finding opens its rows; excluded, masked and edited they make versions, which say who and why and can be undone", {
  tag: "@long",
}, async ({ page }) => {
  test.setTimeout(300_000);
  await enterAs(page, "Rita");
  const id = await labelled(page, "Numbers");
  await quality(page, id);
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Mask 1" }).click();
  await expect(page.getByText("1 row masked.")).toBeVisible();
  await expect(page.getByText("1 of them are excluded or changed by now.")).toBeVisible();

  await page
    .getByRole("heading", { name: "Duplicates: 1" })
    .locator("xpath=ancestor::section[1]")
    .getByRole("link", { name: "Open the rows" })
    .click();
  await expect(page.getByText("1 of 5 records")).toBeVisible();
  await page.getByText("What comes after 0?").click();
  await expect(row(page, 3).getByText("Duplicates: the same as line 1")).toBeVisible();
  await row(page, 3).getByRole("button", { name: "Exclude" }).click();
  await expect(row(page, 3).getByText(/Version 3: 1 row excluded \(Duplicates\), by Rita/)).toBeVisible();
  expect(await findings(page)).toEqual([]);

  await page.goto(`/datasets/labelled/${id}/records?q=%232`);
  await page.getByText("What comes after 1?").click();
  await row(page, 2).getByRole("button", { name: "Edit" }).click();
  await expect(row(page, 2).getByLabel("note")).toBeHidden(); // folded, as no method reads it
  await row(page, 2).getByText("Columns that no method reads (1)").click();
  await expect(row(page, 2).getByLabel("note")).toHaveValue("row 2");
  await row(page, 2).getByLabel("chosen").fill("Two.");
  await row(page, 2).getByLabel("Reason for row 2").fill("shorter");
  await row(page, 2).getByRole("button", { name: "Save as a new version" }).click();
  await expect(row(page, 2).getByText(/Version 4: 1 row edited \(shorter\), by Rita/)).toBeVisible();

  const exported = async () => {
    const text = await (await page.request.get(`/api/labelled/${id}/export`)).text();
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as (typeof rows)[number]);
  };
  expect(await exported()).toEqual([
    rows[0],
    { ...rows[1], chosen: "Two." },
    { ...rows[3], rejected: "Ask [email address]." },
    rows[4],
  ]);
  await page.goto(`/datasets/labelled/${id}`);
  await expect(page.getByText("4 labelled pairs, which came with their labels; version 4")).toBeVisible();
  await page.getByRole("button", { name: "Undo version 3" }).click();
  await expect(page.getByText(/Version 5: 1 row brought back \(version 3 undone\), by Rita/)).toBeVisible();
  expect(await exported()).toHaveLength(5);
  await expect(page.getByRole("heading", { name: "Statistics", exact: true })).toBeVisible(); // of this version, counted at once
  await page.getByRole("link", { name: "Train on this dataset" }).click();
  await expect(formField(page, "data").locator("option:checked")).toHaveText("Numbers: 5 labelled pairs");
  await page.getByRole("combobox", { name: "Model", exact: true }).fill("tiny");
  await formField(page, "maxSteps").fill("2");
  await withoutEvaluation(page);
  await page.getByRole("button", { name: "Start run" }).click();
  await page.waitForURL(/\/runs\/(?!new)\w+$/, { timeout: 60_000 });
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
  await openTab(page, "Data");
  await expect(page.getByText("Numbers, version 5")).toBeVisible();
});
