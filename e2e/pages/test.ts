// Playwright's `test` whose pages are ready once they are opened: React answers their buttons, and the annotation screen has asked for its
// tasks. On a loaded machine a page is seen a while before it is, and what is clicked or pressed meanwhile is lost. `waitUntil: "commit"` asks
// for that while.
import { test as base, type Page, type Request } from "@playwright/test";

export const test = base.extend({
  context: async ({ context }, use) => {
    context.on("page", waitsForReact);
    await use(context);
  },
});

function waitsForReact(page: Page): void {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (url, options) => {
    const asked = tasksAsked(page);
    const response = await goto(url, options);
    if (options?.waitUntil !== "commit") await ready(page, asked);
    return response;
  };
  page.reload = async (options) => {
    await addressed(page);
    const asked = tasksAsked(page);
    const response = await reload(options);
    await ready(page, asked);
    return response;
  };
}

async function ready(page: Page, asked: Promise<void>): Promise<void> {
  await hydrated(page);
  const showsTask = await page.getByRole("region", { name: "Prompt" }).isVisible();
  if (!showsTask || !/^\/annotate\/\d+$/.test(new URL(page.url()).pathname)) return;
  await asked;
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve))); // the page reads the answer
}

/** The annotation screen asks for its tasks once more as it opens, and leaves out what waits to be sent when the answer comes. */
const tasksAsked = (page: Page) =>
  new Promise<void>((resolve) => {
    const answered = (request: Request) => {
      if (!/\/api\/queues\/\d+\/tasks$/.test(request.url())) return;
      page.off("requestfinished", answered).off("requestfailed", answered);
      resolve();
    };
    page.on("requestfinished", answered).on("requestfailed", answered);
  });

/** React keeps an element's properties on it from the moment on that it answers its events. */
const hydrated = (page: Page) =>
  page.waitForFunction(() =>
    [...document.querySelectorAll("button")].every((button) =>
      Object.keys(button).some((key) => key.startsWith("__reactProps")),
    ),
  );

/** The annotation screen's address names the record that is shown, a moment after it is: loaded again before, it opens the record before. */
const addressed = (page: Page) =>
  page.waitForFunction(() => {
    const named = [...document.querySelectorAll("h2")].map(({ textContent }) =>
      /^Record (\d+)$/.exec(textContent ?? ""),
    );
    const record = named.find(Boolean)?.[1];
    return !/^\/annotate\/\d+$/.test(location.pathname) || !record || location.search === `?record=${record}`;
  });
