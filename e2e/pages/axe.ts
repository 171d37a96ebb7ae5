import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe finds, once what was clicked has faded to its colours. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(async () => {
    const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(fading.map(({ finished }) => finished));
  });
  return (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);
}
