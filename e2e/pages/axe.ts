import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** What axe finds and where, once what was clicked, or comes into view, has faded to its colours; read again where a toast came or went meanwhile. */
export async function findings(page: Page): Promise<string[]> {
  const before = await toasts(page); // first: one that has come by then is waited for
  await faded(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  if (before !== (await toasts(page))) return findings(page);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

const faded = (page: Page) =>
  page.evaluate(async () => {
    const ends = ({ effect }: Animation) => Number.isFinite(effect?.getComputedTiming().endTime);
    const fading = document.getAnimations().filter(ends); // what turns for ever fades nothing
    await Promise.allSettled(fading.map(({ finished }) => finished));
  });

/** The toasts on the page, and whether each is coming, standing or going. */
const toasts = (page: Page) =>
  page
    .locator("[data-sonner-toast]")
    .evaluateAll((all: HTMLElement[]) =>
      JSON.stringify(all.map(({ textContent, dataset: { mounted, removed } }) => [textContent, mounted, removed])),
    );

/** In both themes axe finds nothing, and nothing is wider than the narrowest phone. */
export async function looksRight(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme); // before, no colour has begun to fade
    expect(await findings(page), colorScheme).toEqual([]);
  }
  const wide = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.setViewportSize(wide);
}
