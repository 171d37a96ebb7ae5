// An annotator's whole way by keyboard alone: name, queue, votes, words, a flag, undo, the past, guidelines, and the reviewer's settings.
import { expect, type Locator, type Page } from "@playwright/test";
import { importDataset, prompt } from "./pages/annotate";
import { formField } from "./pages/launch-form";
import { test } from "./pages/test";

/** Tabs until something of this name has the focus; a screen that needs more than `most` steps is no screen for keyboards. */
async function tabTo(page: Page, name: RegExp | string, most = 60, within: Page | Locator = page): Promise<void> {
  const wanted = within
    .getByRole("link", { name })
    .or(within.getByRole("button", { name }))
    .or(within.getByLabel(name))
    .first();
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    if (
      await wanted
        .evaluate((element) => element === document.activeElement, undefined, { timeout: 1000 })
        .catch(() => false)
    )
      return;
  }
  throw new Error(`${name} was not reached by ${most} tabs`);
}

test("the whole journey by keyboard alone", async ({ page }) => {
  await page.goto("/annotate");
  await expect(page.getByLabel("Name")).toBeEnabled();
  await tabTo(page, "Name");
  await page.keyboard.type("Keys alone");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Annotate" })).toBeVisible();
  const rows = Array.from({ length: 5 }, (_, i) => ({ prompt: `k${i}`, answers: [`a${i}`, `b${i}`] }));
  const queue = await importDataset(page, "by keyboard", rows);
  await page.goto("/annotate");
  await expect(page.getByRole("heading", { name: "by keyboard" })).toBeVisible();
  await tabTo(page, "Start: by keyboard", 200); // after the datasets of all other journeys
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/annotate/${queue}(\\?record=\\d+)?$`));
  await expect(prompt(page)).toHaveText("Prompt: k0");
  await expect(prompt(page)).toBeFocused(); // a reader begins at the prompt
  await page.keyboard.press("2");
  await expect(prompt(page)).toHaveText("Prompt: k1");
  await expect(prompt(page)).toBeFocused();
  await page.keyboard.press("r");
  await page.keyboard.type("because");
  await page.keyboard.press("Escape");
  await page.keyboard.press("7");
  await page.keyboard.press("f");
  await page.keyboard.press("2");
  await expect(prompt(page)).toHaveText("Prompt: k3");
  await page.keyboard.press("z");
  await expect(prompt(page)).toHaveText("Prompt: k2");
  await page.keyboard.press("[");
  await expect(page.getByRole("region", { name: "Your vote" })).toContainText("B clearly better");
  await page.keyboard.press("9");
  await expect(page.getByRole("region", { name: "Your vote" })).toContainText("Tie");
  await page.keyboard.press("]");
  await expect(prompt(page)).toHaveText("Prompt: k2");
  await tabTo(page, "Both bad"); // and by its button
  await page.keyboard.press("Enter");
  await expect(prompt(page)).toHaveText("Prompt: k3");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  await page.keyboard.press("8");
  await expect(page.getByText("All done")).toBeVisible();
  await tabTo(page, "See results");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/datasets/${queue}$`));
  await tabTo(page, "Settings", 60, page.getByRole("navigation", { name: "Dataset" })); // not the workbench's
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Annotations per record")).toBeEnabled();
  await tabTo(page, "Annotations per record");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+Enter");
  await expect(
    page.getByText("0 of 5 records need annotations").or(page.getByText("1 of 5 records need annotations")),
  ).toBeVisible();
  await tabTo(page, "Train on this dataset", 80);
  await page.keyboard.press("Enter");
  await expect(formField(page, "data")).toHaveValue(`queue:${queue}`);
});
