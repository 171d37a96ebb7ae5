import { expect, type Page } from "@playwright/test";

/** First visit: choose a name. */
export async function enterAs(page: Page, name: string): Promise<void> {
  await page.goto("/annotate");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Start ranking" }).click();
  await expect(page.getByRole("heading", { name: "Annotate" })).toBeVisible();
}
