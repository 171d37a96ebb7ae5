// What surrounds every page: rail, bars, breadcrumb, command palette, shortcuts, the account, and pages that are not there.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset, openRecord } from "./pages/annotate";
import { mostShift, shiftOf, watchShifts } from "./pages/layout-shift";
import { holdProgram } from "./pages/programs";
import { finishedRun, launchRun, runStatus } from "./pages/runs";
import { test } from "./pages/test";

/** A page whose keys work: the bar at the top listens once it is there for React. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined);
}
const palette = (page: Page) => page.getByRole("dialog", { name: "Search and commands" });
async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("combobox")).toBeFocused();
}
const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
  );

test("U61: the command palette finds pages, actions, datasets and runs; the focus returns when it closes", async ({
  page,
}) => {
  await enterAs(page, "Finder");
  const id = await importDataset(page, "Findable rows", [{ prompt: "p", answers: ["a", "b"] }]);
  await open(page, "/runs");
  const newRun = page.getByRole("link", { name: "New run" });
  await newRun.focus();
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("combobox")).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
  await expect(newRun).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("findable");
  await expect(palette(page).getByRole("option", { name: "Findable rows" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/datasets/${id}$`));
  await expect(page.getByRole("navigation", { name: "Breadcrumb" })).toContainText("Findable rows");
  await page.getByRole("button", { name: "Search and commands" }).click();
  await page.keyboard.type("toggle theme");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Search and commands" }).click();
  await page.mouse.click(5, 5); // beside it
  await expect(palette(page)).toHaveCount(0);
});

test("U61: a record is found by its number from any page, and opened in its dataset; a number of none finds none", async ({
  page,
}) => {
  await enterAs(page, "Numbers");
  const id = await importDataset(page, "Numbered rows", [
    { prompt: "the first", answers: ["a", "b"] },
    { prompt: "the second", answers: ["c", "d"] },
  ]);
  await page.goto(`/annotate/${id}`);
  const number = (await openRecord(page)) + 1;
  await open(page, "/runs");
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("combobox")).toBeFocused();
  await page.keyboard.type("#999999");
  await expect(palette(page).getByText("Nothing by this name.")).toBeVisible();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(`#${number}`);
  const found = palette(page).getByRole("option", { name: `#${number} of Numbered rows` });
  await expect(found).toHaveAttribute("aria-selected", "true");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/datasets/${id}/records\\?record=${number}$`));
  await expect(page.getByRole("region", { name: `Record ${number}` })).toContainText("the second");
});

test("the palette offers what can be done with the dataset or the run that is open", { tag: "@long" }, async ({
  page,
}) => {
  await enterAs(page, "Acts here");
  const id = await importDataset(page, "Open now", [{ prompt: "p", answers: ["a", "b"] }]);
  await open(page, `/datasets/${id}`);
  await openPalette(page);
  await page.keyboard.type("export this");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/datasets/${id}/export$`));
  const run = await finishedRun(page.request, "To be forked");
  await open(page, `/runs/${run}`);
  await openPalette(page);
  await page.keyboard.type("fork this");
  await expect(palette(page).getByRole("option", { name: /^Fork this run/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/new\\?from=${run}&step=last$`));
  await expect(page.getByText(/Fork of/)).toBeVisible();
  await open(page, `/runs/${run}`);
  await openPalette(page);
  await page.keyboard.type("clone this");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/new\\?from=${run}$`));
});

test("U61: g and a letter go to a page, ? lists the shortcuts, and letters typed into a field are letters", async ({
  page,
}) => {
  await enterAs(page, "Keys");
  await open(page, "/");
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/\/datasets$/);
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/\/compare$/);
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toContainText("Search, and every command");
  await page.keyboard.press("g"); // under an open window keys are its own
  await page.keyboard.press("r");
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);
  await expect(page).toHaveURL(/\/compare$/);
  await open(page, "/runs/new");
  const field = page.getByRole("textbox", { name: "Name" }).first();
  await field.fill("");
  await field.pressSequentially("gd?");
  await expect(field).toHaveValue("gd?");
  await expect(page).toHaveURL(/\/runs\/new$/);
});

test("the rail folds by Ctrl+B and stays folded, and nothing moves when a page opens", async ({ page }) => {
  await watchShifts(page);
  await page.goto("/");
  const rail = page.getByRole("navigation", { name: "Main" });
  await open(page, "/runs");
  expect((await rail.boundingBox())?.width).toBe(208);
  expect(await shiftOf(page)).toBeLessThanOrEqual(mostShift);
  await page.keyboard.press("Control+b");
  expect((await rail.boundingBox())?.width).toBe(56);
  await open(page, "/datasets");
  expect((await rail.boundingBox())?.width).toBe(56);
  expect(await shiftOf(page)).toBeLessThanOrEqual(mostShift);
  await expect(rail.getByRole("link", { name: "Datasets" })).toHaveAttribute("aria-current", "page");
  await rail.getByRole("button", { name: "Unfold" }).click();
  expect((await rail.boundingBox())?.width).toBe(208);
});

test("U5: an annotator renames themselves, is refused a taken name, switches to another and signs out", async ({
  page,
}) => {
  await enterAs(page, "Taken");
  await switchTo(page, "Renamer");
  const menu = page.getByRole("button", { name: /^Account/ });
  await expect(menu).toHaveText("Renamer");
  await menu.click();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename" });
  await dialog.getByLabel("Name").fill("taken");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toHaveText(/Another annotator is called Taken already/);
  await dialog.getByLabel("Name").fill("Renamed");
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(menu).toHaveText("Renamed");
  await expect(menu).toBeFocused();
  await switchTo(page, "Taken");
  await expect(menu).toHaveText("Taken");
  await menu.click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(menu).toHaveText("Sign in");
  await expect(page.getByLabel("Name")).toBeVisible(); // the page asks who annotates
});

/** Switches by the account menu. */
async function switchTo(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Switch annotator" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

test("the theme is light, dark or as the system has it; Esc and a click beside it close the menu", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, "/runs");
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-theme", "dark");
  const menu = page.getByRole("button", { name: /^Account/ });
  await menu.click();
  await expect(page.getByRole("menuitemradio", { name: "As the system" })).toHaveAttribute("aria-checked", "true");
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await expect(html).toHaveAttribute("data-theme", "light");
  await page.reload();
  await expect(html).toHaveAttribute("data-theme", "light");
  await menu.click();
  await page.getByRole("menuitemradio", { name: "As the system" }).click();
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect(html).toHaveAttribute("data-theme", "light");
  await menu.click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(menu).toBeFocused();
  await menu.click();
  await expect(async () => {
    await page.mouse.click(600, 700); // the menu hears of it a moment after it has opened
    await expect(page.getByRole("menu")).toHaveCount(0, { timeout: 1000 });
  }).toPass();
});

test("U29: a page that is not there says so in a sentence, within the navigation", async ({ page }) => {
  for (const path of ["/datasets/999", "/runs/x", "/annotate/999", "/nowhere"]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
    const rail = page.getByRole("navigation", { name: "Main" });
    await expect(rail.getByRole("link", { name: "Datasets" }), path).toBeVisible();
    await expect(rail, path).toHaveCount(1);
  }
  expect(await violations(page)).toEqual([]);
});

test("U5, U59: on a phone the bars take 104 px, and More has the other pages, the account and the theme", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enterAs(page, "Phone");
  const bar = page.getByRole("navigation", { name: "Main" });
  const heights = await Promise.all([page.getByRole("banner").boundingBox(), bar.boundingBox()]);
  expect(heights.reduce((sum, box) => sum + box!.height, 0)).toBeLessThanOrEqual(112);
  await expect(bar.getByRole("link")).toHaveText(["Home", "Annotate", "Datasets", "Runs"]);
  await bar.getByRole("button", { name: "More" }).click();
  expect(await violations(page)).toEqual([]);
  await expect(page.getByText("Signed in as Phone")).toBeVisible();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await bar.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Compare" }).click();
  await expect(page).toHaveURL(/\/compare$/);
});

// A window of 1440 × 900 at 200 %, and one of 1280 × 1024 at 400 %.
for (const [zoom, size] of [
  ["200", { width: 720, height: 450 }],
  ["400", { width: 320, height: 256 }],
] as const)
  test(`at ${zoom} % zoom the page keeps most of the window, and every page is reached`, async ({ page }) => {
    await page.setViewportSize(size);
    await open(page, "/runs");
    await page.mouse.wheel(0, 400);
    const bar = await page.getByRole("navigation", { name: "Main" }).boundingBox();
    expect(bar!.height).toBeLessThanOrEqual(0.2 * size.height);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways).toBe(0);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
    await expect(page).toHaveURL(/\/settings$/);
  });

test("U59: every page has the same width", async ({ page }) => {
  await page.setViewportSize({ width: 1800, height: 900 });
  const lefts: number[] = [];
  for (const path of [
    "/",
    "/datasets",
    "/datasets/1",
    "/runs",
    "/runs/new",
    "/models",
    "/compare",
    "/team",
    "/settings",
    "/settings/storage",
  ]) {
    await page.goto(path);
    lefts.push((await page.getByRole("heading", { level: 1 }).boundingBox())!.x);
  }
  expect(new Set(lefts)).toEqual(new Set([lefts[0]]));
});

test("U41, U57, U63: a run is in the jobs menu with its progress and in the tab's title; stopped there, a toast says so on another page and covers no control", {
  tag: "@long",
}, async ({ page }) => {
  await enterAs(page, "Waits");
  const id = await launchRun(page.request, "Watched run", { maxSteps: 20_000 });
  await expect.poll(() => runStatus(page.request, id), { timeout: 60_000 }).toBe("running");
  await open(page, `/runs/${id}`);
  await expect(page).toHaveTitle(/^\(\d+ %\) Watched run/, { timeout: 60_000 });
  await open(page, "/datasets");
  const menu = page.getByRole("button", { name: /^Jobs/ });
  await expect(menu).toHaveAccessibleName("Jobs: 1 at work or queued");
  await menu.click();
  const jobs = page.getByRole("dialog", { name: "Jobs" });
  await expect(jobs.getByRole("progressbar", { name: "Watched run: progress" })).toBeVisible({ timeout: 60_000 });
  await expect(jobs).toContainText(/step \d+ of 20000/);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await menu.click();
  await jobs.getByRole("button", { name: "Stop: Watched run" }).click();
  const toast = page.getByText("Watched run: stopped");
  await expect(toast).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  const font = (locator: typeof toast) => locator.evaluate((element) => getComputedStyle(element).fontFamily);
  expect(await font(toast)).toBe(await font(page.locator("body")));
  expect(await coveredBy(page, "[data-sonner-toast]")).toEqual([]);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/runs/${id}$`));
});

/** Names of controls that lie under something. */
const coveredBy = (page: Page, selector: string) =>
  page.evaluate((selector) => {
    const cover = document.querySelector(selector)!;
    const { left, right, top, bottom } = cover.getBoundingClientRect();
    return [...document.querySelectorAll("a, button, input, select, textarea")]
      .filter((control) => {
        const box = control.getBoundingClientRect();
        const overlaps = box.left < right && box.right > left && box.top < bottom && box.bottom > top;
        return overlaps && box.width > 1 && !cover.contains(control);
      })
      .map((control) => control.outerHTML);
  }, selector);

test("U57: a model that is written as a file is a job, which can be cancelled", { tag: "@long" }, async ({ page }) => {
  await enterAs(page, "Exports");
  const id = await finishedRun(page.request, "To be exported");
  await open(page, "/datasets");
  const download = page.request.get(`/api/runs/${id}/export?form=gguf`);
  await holdProgram("/to-be-exported-F16.gguf"); // of a tiny model it would be over before anybody could cancel it
  await page.reload();
  const menu = page.getByRole("button", { name: /^Jobs/ });
  await menu.click();
  const jobs = page.getByRole("dialog", { name: "Jobs" });
  await jobs.getByRole("button", { name: "Cancel: To be exported as GGUF" }).click();
  await expect(jobs.getByRole("listitem").filter({ hasText: "To be exported as GGUF" })).toContainText("Stopped");
  expect((await download).status()).toBe(409);
});

test("U40: the first steps are dismissed for good, with one primary button while they are there", async ({ page }) => {
  await watchShifts(page);
  await enterAs(page, "Starts");
  await open(page, "/");
  const steps = page.getByRole("region", { name: "First steps" });
  await expect(steps.getByRole("listitem")).toHaveCount(4);
  await expect(steps.locator(".bg-accent")).toHaveCount(1);
  await steps.getByRole("button", { name: "Dismiss" }).click();
  await expect(steps).toBeHidden();
  await page.reload();
  await expect(page.getByRole("heading", { name: "My datasets" })).toBeVisible();
  await expect(steps).toBeHidden();
  expect(await shiftOf(page)).toBeLessThanOrEqual(mostShift);
});
