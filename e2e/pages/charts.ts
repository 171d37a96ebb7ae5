import { expect, type Locator } from "@playwright/test";

/** Presses a key in a chart until it shows this: a pointer that has just left a plot takes its cursor away in the next frame. */
export const pressUntil = (chart: Locator, key: string, shown: Locator) =>
  expect(async () => {
    await chart.press(key);
    await expect(shown).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
