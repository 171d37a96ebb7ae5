// From RLHF's objective to DPO's loss: five plots of one table, moved by sliders.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { test } from "./pages/test";

const step = (page: Page, title: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: title }) });

/** Equations that their number stands over. */
const covered = (page: Page) =>
  page.locator(".katex-html:has(> .tag)").evaluateAll((equations) =>
    equations.flatMap((equation) => {
      const right = Math.max(
        ...[...equation.querySelectorAll(".base")].map((part) => part.getBoundingClientRect().right),
      );
      const tag = equation.querySelector(".tag")!;
      return tag.getBoundingClientRect().left < right ? [tag.textContent] : [];
    }),
  );

/** The number that follows these words. */
async function reading(place: Locator, words: RegExp): Promise<number> {
  const text = ((await place.textContent()) ?? "").replaceAll("−", "-");
  return Number(new RegExp(`${words.source} (-?[\\d.]+(?:e[+-]\\d+)?)`).exec(text)?.[1] ?? Number.NaN);
}

test("the derivation is reached from the launch form, and its plots follow the keyboard", async ({ page }) => {
  await enterAs(page, "Deriving");
  await page.goto("/runs/new");
  await page.getByRole("combobox", { name: "Method" }).selectOption("ppo");
  await expect(page.getByRole("link", { name: "How DPO follows from PPO's objective" })).toHaveAttribute(
    "href",
    "/derivation",
  );
  await page.goto("/derivation");
  await expect(page.locator(".katex-display")).toHaveCount(8);
  await expect(page.locator(".katex-error")).toHaveCount(0);

  const optimum = step(page, "2. Its optimum");
  const steps = optimum.getByRole("slider", { name: "Steps of descent" });
  const before = await reading(optimum, /KL\(DPO ‖ π\*\) =/);
  await steps.focus();
  await page.keyboard.press("End");
  await expect(optimum).toContainText("DPO after 40 steps");
  expect(await reading(optimum, /KL\(DPO ‖ π\*\) =/)).toBeLessThan(Math.min(before, 0.01));

  const cancel = step(page, "4. The partition function");
  const likelihood = await reading(cancel, /by rewards/);
  await cancel.getByRole("slider").focus();
  await page.keyboard.press("Home");
  expect(await reading(cancel, /by \(6\)/)).toBe(likelihood); // whatever is added to a prompt's rewards

  const objective = step(page, "1. The objective");
  const reached = await reading(objective, /objective/);
  await page.getByRole("slider", { name: "β" }).focus();
  await page.keyboard.press("Home"); // 0.1: KL costs less
  expect(await reading(objective, /objective/)).toBeGreaterThan(reached);
  await page.getByRole("button", { name: "Reset" }).click();
  expect(await reading(objective, /objective/)).toBe(reached);

  const off = step(page, "5. Off the data");
  const drifted = await reading(off, /steps of DPO/);
  expect(drifted).toBeGreaterThan(await reading(off, /π_ref/)); // though it is the worst answer
  await off.getByRole("checkbox", { name: "y₁" }).uncheck();
  await expect(off).toContainText("Share of y₁, y₅");
});

test("the derivation has no finding of axe in either theme and fits 320 px", { tag: "@long" }, async ({ page }) => {
  await enterAs(page, "Deriving");
  for (const theme of ["light", "dark"]) {
    await page.addInitScript((theme) => localStorage.setItem("theme", theme), theme);
    await page.goto("/derivation");
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    for (const width of [1440, 320]) {
      await page.setViewportSize({ width, height: 900 });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await covered(page)).toEqual([]);
    }
  }
});
