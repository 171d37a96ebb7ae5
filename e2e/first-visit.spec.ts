import { expect } from "@playwright/test";
import { test } from "./pages/test";

test("home on a fresh installation: the sample dataset, no runs, the quick demo", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("Everyday questions").first()).toBeVisible();
  await expect(page.getByText("No runs yet", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: "Start the quick demo" }).first()).toBeVisible();
});
