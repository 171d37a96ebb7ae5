// axe finds nothing on any page in either theme, no page moves while it opens, and none scrolls sideways at 320 px.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { labelledDataset } from "./pages/add-data";
import { enterAs } from "./pages/annotate";
import { mostShift, shiftOf, watchShifts } from "./pages/layout-shift";
import { exampleOf, routes } from "./pages/routes";
import { finishedRun } from "./pages/runs";
import { test } from "./pages/test";

/** The example of a route; of a run's, one with charts, sample completions and an adapter. */
const resolve = async (route: string, { request }: Page): Promise<string> =>
  exampleOf(route, {
    run: route.includes("/runs/[id]") ? await finishedRun(request, "For axe") : "",
    labelled: route.includes("/labelled/[id]") ? await labelledDataset(request, "For axe") : "",
  });

/** Those, and the tabs that are no pages of their own. */
const shown = [
  ...routes,
  ...["charts", "frontier", "config", "samples", "parallel"].map((tab) => `/compare?tab=${tab}`),
];

test.use({ contextOptions: { reducedMotion: "reduce" } }); // a toast that fades in has colours of no theme
test.setTimeout(400_000); // a dozen pages, and a run where there is none yet
test.beforeEach(async ({ page }) => enterAs(page, "Axe"));

/** Rules that look at colours; to the others a page is the same in both themes. */
const ofColours = ["color-contrast", "link-in-text-block"];

test("B14, U46: axe finds nothing on any page that app/ has, in either theme, and none moves while it opens", async ({
  page,
}) => {
  await watchShifts(page);
  await page.addInitScript(() => localStorage.setItem("theme", "light"));
  for (const route of shown) {
    await page.goto(await resolve(route, page));
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined); // a run's page streams for good
    expect.soft(await shiftOf(page), `layout shift of ${route}`).toBeLessThanOrEqual(mostShift);
    // In the page itself: it has no frames of others, for whose sake axe would open another page each time.
    expect(told(await new AxeBuilder({ page }).setLegacyMode().analyze()), `${route}, light`).toEqual([]);
    await page.evaluate(() => {
      localStorage.setItem("theme", "dark");
      window.dispatchEvent(new Event("themechoice"));
    });
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.evaluate(async () => {
      const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition); // to the other colours
      await Promise.allSettled(fading.map(({ finished }) => finished));
    });
    expect(told(await once(page, ofColours)), `${route}, dark`).toEqual([]);
  }
});

const told = ({ violations }: Found) =>
  violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);

type Found = Pick<Awaited<ReturnType<AxeBuilder["analyze"]>>, "violations">;

/** By some rules, with the axe that the page has by then. */
const once = (page: Page, rules: string[]): Promise<Found> =>
  page.evaluate(
    async (runOnly) => {
      const { axe } = window as unknown as { axe: { run(options: object): Promise<Found> } };
      const { violations } = await axe.run({ runOnly });
      return { violations };
    },
    { type: "rule", values: rules },
  );

test("B14: no page that app/ has scrolls sideways at 320 px", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const route of shown) {
    await page.goto(await resolve(route, page));
    const [content, width] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(content, route).toBeLessThanOrEqual(width!);
  }
});
