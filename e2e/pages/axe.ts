import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe finds and where, once what was clicked, or comes into view, has faded to its colours; read again where a toast came or went meanwhile. */
export async function findings(page: Page): Promise<string[]> {
  await faded(page);
  const before = await toasts(page);
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
