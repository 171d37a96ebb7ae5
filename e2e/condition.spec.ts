// What every page says while the workbench is kept from its work.
import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

const full = "The disk is full. Annotations wait in the browser.";

test("F4: what keeps the workbench from its work is said on a page that is open, moves nothing, and goes when it is over", {
  tag: "@long",
}, async ({ page }) => {
  await enterAs(page, "Sees banners");
  let condition: string | null = null;
  await page.route("/api/health", (route) => route.fulfill({ json: { ok: true, condition } }));
  await page.goto("/settings/storage");
  const heading = page.getByRole("heading", { level: 1 });
  const place = await heading.boundingBox();
  const said = page.locator("#condition");
  await expect(said).toHaveText("");
  condition = full;
  await expect(said).toHaveText(full, { timeout: 30_000 });
  await expect(said).toHaveRole("status");
  expect(await heading.boundingBox()).toEqual(place);
  for (const theme of ["light", "dark"]) {
    await page.evaluate((value) => document.documentElement.setAttribute("data-theme", value), theme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await findings(page)).toEqual([]);
  condition = null;
  await expect(said).toHaveText("", { timeout: 30_000 });
});
