import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe finds, once what was clicked, or comes into view, has faded to its colours. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(async () => {
    const ends = ({ effect }: Animation) => Number.isFinite(effect?.getComputedTiming().endTime);
    const fading = document.getAnimations().filter(ends); // what turns for ever fades nothing
    await Promise.allSettled(fading.map(({ finished }) => finished));
  });
  return (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);
}
