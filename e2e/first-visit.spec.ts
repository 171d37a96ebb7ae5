import { expect, test } from "@playwright/test";

test("home says what needs doing on a fresh installation", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("Everyday questions")).toBeVisible();
  await expect(page.getByText("Nothing trained yet", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: "Start the 2-minute demo run" }).first()).toBeVisible();
});
