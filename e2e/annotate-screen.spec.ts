// The annotation screen as it is drawn: the votes under the answers, what was said last beside them, the panel, an address for each record,
// the list, the end, and all of it on a phone.
import { expect, type Locator, type Page } from "@playwright/test";
import { enterAs, importDataset, openRecord, prompt } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

const rows = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ prompt: `p${i}`, answers: [`a${i}`, `b${i}`], ...more }));
const shows = (page: Page, text: string) => expect(prompt(page)).toHaveText(`Prompt: ${text}`);
const long = (name: string) => Array.from({ length: 60 }, (_, i) => `${name} paragraph ${i}.`).join("\n\n");
const axe = async (page: Page) => expect(await findings(page)).toEqual([]);

async function open(page: Page, name: string, records: object[], settings?: object): Promise<number> {
  await enterAs(page, name);
  const queue = await importDataset(page, `screen of ${name}`, records);
  if (settings) await page.request.patch(`/api/queues/${queue}`, { data: settings });
  await page.goto(`/annotate/${queue}`);
  await expect(prompt(page)).toBeFocused();
  return queue;
}

async function box(of: Locator) {
  const found = await of.boundingBox();
  if (!found) throw new Error("it is not shown");
  return found;
}
const dock = (page: Page) => page.getByRole("group", { name: "Which answer is better?" }).locator("visible=true");
const events = async (page: Page, queue: number) =>
  (await (await page.request.get(`/api/queues/${queue}/export?rows=events`)).text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("U10: the last vote stands at the bar with its Undo, and what was undone is outlined there", async ({ page }) => {
  await open(page, "Confirmed", rows(3));
  await page.keyboard.press("2");
  await shows(page, "p1");
  const chip = page.getByText("A clearly better", { exact: true });
  await expect(chip).toBeVisible();
  const [said, bar] = [await box(chip), await box(dock(page))];
  expect(bar.y - said.y).toBeGreaterThan(0);
  expect(bar.y - said.y).toBeLessThan(80);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await shows(page, "p0");
  await expect(page.getByText("Undone: A clearly better")).toBeVisible();
  await expect(page.getByRole("button", { name: "A clearly better" })).toHaveAttribute("aria-current", "true");
  await expect(page.locator("[aria-current=true]:visible")).toHaveCount(1);
  await axe(page);
});

test("U16: in long answers one line of the prompt and the letters A and B stay in sight", async ({ page }) => {
  await open(page, "Scrolls", [{ prompt: "Which is better?\n\nSay why.", answers: [long("this"), long("that")] }]);
  for (const size of [
    { width: 320, height: 640 },
    { width: 390, height: 844 },
    { width: 1440, height: 900 },
  ]) {
    await page.setViewportSize(size);
    await page.evaluate(() => scrollTo(0, 1200));
    const line = page.locator("main [aria-hidden] > p");
    const heads = page.locator("article h3");
    await expect(line).toHaveText(/^Which is better\?/);
    const { y, height } = await box(line);
    expect(y).toBe((await box(page.getByRole("banner").or(page.locator("header")).first())).height);
    const inSight = (await heads.evaluateAll((found) => found.map((head) => head.getBoundingClientRect().top))).filter(
      (top) => top === y + height,
    );
    expect(inSight.length).toBe(size.width > 1000 ? 2 : 1);
    const onTop = await line.evaluate((element) => {
      const { left, top } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(left + 30, top + 10));
    });
    expect(onTop).toBe(true);
  }
});

test("U17: on a phone the answers keep two thirds of the screen; A, then how much better, in two taps", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, "Thumbs", [{ prompt: "long?", answers: [long("this"), long("that")] }, ...rows(3)]);
  await page.evaluate(() => scrollTo(0, 800));
  const [bar, line, votes] = [
    await box(page.locator("header").first()),
    await box(page.locator("main [aria-hidden] > p")),
    await box(page.locator(".sticky.bottom-0")),
  ];
  expect(bar.y).toBe(0);
  expect(votes.y + votes.height).toBe(844); // no navigation below
  expect(votes.height).toBeLessThanOrEqual(112);
  const share = (votes.y - (line.y + line.height)) / 844;
  test.info().annotations.push({ type: "share of the screen for answers", description: share.toFixed(3) });
  expect(share).toBeGreaterThanOrEqual(0.65);
  await axe(page);
  await page
    .getByRole("button", { name: "A", exact: true })
    .tap()
    .catch(() => page.getByRole("button", { name: "A", exact: true }).click());
  await page.getByRole("button", { name: "A clearly better" }).click();
  await shows(page, "p0");
  await page.getByRole("button", { name: "Tie", exact: true }).click();
  await shows(page, "p1");
  await page.getByRole("button", { name: "More" }).click();
  const sheet = page.getByRole("dialog", { name: "More" });
  await axe(page);
  await sheet.getByRole("button", { name: "Skip" }).click();
  await shows(page, "p2");
  await page.setViewportSize({ width: 720, height: 450 });
  expect((await box(page.locator(".sticky.bottom-0"))).height).toBeLessThanOrEqual(80);
});

test("U17: on a phone a ranking is tapped in one bar, with its order in sight", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, "Ranks", [{ prompt: "which?", answers: ["red", "green", "blue", "grey"] }, ...rows(1)]);
  await page.getByRole("button", { name: "Rank B next" }).click();
  await page.getByRole("button", { name: "Rank D next" }).click();
  await expect(page.locator("output")).toHaveText("B > D > …");
  const bar = await box(page.locator(".sticky.bottom-0"));
  expect(bar.height).toBeLessThanOrEqual(112);
  for (const part of [
    page.locator("output"),
    page.getByRole("button", { name: "finish" }),
    page.getByRole("button", { name: "More", exact: true }),
  ]) {
    const { x, width } = await box(part.locator("visible=true"));
    expect(width).toBeGreaterThanOrEqual(36);
    expect(x + width).toBeLessThanOrEqual(390);
  }
  await axe(page);
  await page.getByRole("button", { name: "Rank A next" }).click();
  await page.getByRole("button", { name: "Rank C next" }).click();
  await shows(page, "p0");
});

test("U18: the votes stand right under short answers, and at the bottom of the window under long ones", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, "Near", [...rows(1), { prompt: "long?", answers: [long("this"), long("that")] }]);
  const answers = await box(page.getByRole("article").first());
  expect((await box(dock(page))).y - (answers.y + answers.height)).toBeLessThan(40);
  await page.keyboard.press("1");
  await shows(page, "long?");
  const { y, height } = await box(dock(page));
  expect(y + height).toBeGreaterThan(880);
});

test("U18: each record has a number and an address that opens it again, with the vote it has; the time left is told", async ({
  page,
}) => {
  const queue = await open(page, "Addresses", rows(4));
  await page.keyboard.press("r");
  await page.keyboard.type("first words");
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/\?record=\d+$/);
  const address = page.url();
  await page.keyboard.press("3");
  await shows(page, "p1");
  await expect(page).not.toHaveURL(address);
  await expect(page.getByText(`#${await openRecord(page)}`, { exact: true })).toBeVisible();
  await expect(page.getByText("Saved", { exact: true })).toBeAttached();
  await page.goto(address);
  await shows(page, "p0");
  await expect(page.getByRole("region", { name: "Your vote" })).toContainText("A slightly better");
  await expect(page.getByText("first words")).toBeVisible();
  await expect(page.getByRole("button", { name: "A slightly better" })).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("6");
  await shows(page, "p1");
  await expect(page.getByText("1 / 4")).toBeVisible();
  await expect
    .poll(async () => (await events(page, queue)).at(-1))
    .toMatchObject({ what: "vote", strength: 2, rationale: "first words" });
  await page.keyboard.press("9");
  await shows(page, "p2");
  await page.keyboard.press("1");
  await shows(page, "p3");
  await expect(page.getByText(/^≈ \d+ min$/)).toBeVisible(); // after three records
  await page.getByRole("button", { name: "Previous" }).click();
  await shows(page, "p2");
  await page.getByRole("button", { name: "Next" }).click();
  await shows(page, "p3");
});

test("U18: where repeats are mixed in, neither the bar nor the heading nor the address tells which record it is", async ({
  page,
}) => {
  await open(page, "Unnumbered", rows(3), { mirrorPercent: 10 });
  await page.keyboard.press("1");
  await shows(page, "p1");
  await page.keyboard.press("?");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(500); // the address follows a moment later
  expect(new URL(page.url()).search).toBe("");
  await expect(page.getByRole("heading", { name: "Record", exact: true })).toHaveCount(1);
  await expect(page.getByText(/^#\d+$/)).toHaveCount(0);
});

test("U19: reasons are chosen with Alt and a digit, go with the vote, come back with its undo, and are exported", async ({
  page,
}) => {
  const queue = await open(page, "Tagged", rows(3), { reasonTags: ["more accurate", "clearer", "safer"] });
  await page.keyboard.press("Alt+1");
  await page.keyboard.press("Alt+3");
  await expect(page.getByRole("button", { name: "more accurate" })).toHaveAttribute("aria-pressed", "true");
  await page.reload();
  await expect(page.getByRole("button", { name: "safer" })).toHaveAttribute("aria-pressed", "true");
  await axe(page);
  await page.keyboard.press("r");
  await page.keyboard.type("and shorter");
  await page.keyboard.press("Alt+2"); // from within the text as well
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  await shows(page, "p1");
  await expect(page.getByRole("button", { name: "safer" })).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByText("Saved", { exact: true })).toBeAttached();
  const [row] = (await (await page.request.get(`/api/queues/${queue}/export`)).text()).trim().split("\n");
  expect(JSON.parse(row!)).toMatchObject({
    reason_tags: ["more accurate", "safer", "clearer"],
    rationales: ["and shorter"],
  });
  expect((await events(page, queue)).at(-1)).toMatchObject({ tags: ["more accurate", "safer", "clearer"] });
  await page.keyboard.press("z");
  await shows(page, "p0");
  await expect(page.getByRole("button", { name: "clearer" })).toHaveAttribute("aria-pressed", "true");
  await page.request.patch(`/api/queues/${queue}`, { data: { reasonTags: ["more accurate", "safer"] } });
  await page.reload();
  await page.getByRole("button", { name: "Remove clearer" }).click();
  await page.keyboard.press("1");
  await shows(page, "p1");
  await expect(page.getByText("Saved", { exact: true })).toBeAttached();
  await expect.poll(async () => (await events(page, queue)).at(-1)).toMatchObject({ tags: ["more accurate", "safer"] });
});

test("U20: why a key is refused is told in the row that asks for it", async ({ page }) => {
  await open(page, "Refused", rows(2));
  await page.setViewportSize({ width: 1440, height: 600 });
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  const row = sheet.getByRole("listitem").filter({ hasText: "A is much better" });
  await row.getByRole("button").click();
  await page.keyboard.press("5");
  await expect(row.getByText("5 is taken: B is barely better.")).toBeInViewport();
  await axe(page);
});

test("U25: a key pressed on the painted page before its script listens is not lost, in a ranking neither", async ({
  page,
}) => {
  await enterAs(page, "Early");
  const pairs = await importDataset(page, "early pairs", rows(3));
  const rankings = await importDataset(page, "early rankings", [
    { prompt: "which?", answers: ["red", "green", "blue"] },
    { prompt: "and now?", answers: ["one", "two", "three"] },
  ]);
  await page.route("**/*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto(`/annotate/${pairs}`, { waitUntil: "commit" });
  await shows(page, "p0");
  await expect(prompt(page)).not.toBeFocused(); // it does not listen yet
  for (let i = 0; i < 3; i++) await page.keyboard.press("1"); // the second and third are of records that nobody has seen
  await shows(page, "p1");
  await page.waitForTimeout(500);
  await shows(page, "p1");
  await page.goto(`/annotate/${rankings}`, { waitUntil: "commit" });
  await shows(page, "which?");
  await expect(prompt(page)).not.toBeFocused();
  await page.keyboard.press("c");
  await page.keyboard.press("a");
  await expect(page.locator("output")).toContainText("C > A");
});

test("U26: with criteria the votes stay in one row, and nothing moves as the panel opens on a wide screen", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, "Rates", rows(2), { aspects: ["Truth", "Style", "Tone"] });
  const before = await box(dock(page));
  expect(before.height).toBeLessThan(60);
  await page.keyboard.press("q");
  await expect(page.getByRole("group", { name: "Rate the answers by criterion" })).toBeVisible();
  const after = await box(dock(page));
  expect([after.y, after.height]).toEqual([before.y, before.height]);
  await axe(page);
});

test("Ctrl+Enter keeps a text and goes back to the keys; Ctrl+Shift+A begins a rewrite with A, and Ctrl+Z takes that back", async ({
  page,
}) => {
  await open(page, "Types", rows(2));
  await page.keyboard.press("e");
  await page.keyboard.type("My own");
  await page.keyboard.press("Control+Shift+B");
  const [, b] = await page.locator("article .prose-answer").allTextContents();
  await expect(page.getByRole("textbox")).toHaveValue(b!);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("textbox")).toHaveValue("My own");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("textbox")).toHaveCount(0);
  await expect(page.getByText("Rewrite: My own")).toBeVisible();
  await page.keyboard.press("1");
  await shows(page, "p1");
});

test("the list: 25 a page, keys vote on the row that has the focus, and each filter shows what is mine", async ({
  page,
}) => {
  const queue = await open(page, "Lists", rows(30));
  await page.getByRole("link", { name: "List" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "#" })).toHaveCount(25);
  await expect(page.getByText("Page 1 of 2")).toBeVisible();
  const before =
    Number(/#(\d+)/.exec((await page.getByRole("main").getByRole("listitem").first().textContent())!)?.[1]) - 1;
  const row = (i: number) => page.getByRole("link", { name: new RegExp(`^#${before + i} `) });
  await expect(row(1)).toBeFocused();
  await page.keyboard.press("2");
  await expect(row(2)).toBeFocused();
  await page.keyboard.press("s");
  await page.keyboard.press("j");
  await expect(row(4)).toBeFocused();
  await page.keyboard.press("k");
  await page.keyboard.press("9");
  await expect(row(1)).toContainText("A clearly better");
  await expect(row(3)).toContainText("Tie");
  await expect(page.getByRole("main").getByText("Saved")).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "annotated 0" }).click();
  await expect(page.getByRole("link", { name: "annotated 2" })).toBeVisible();
  await expect(row(1)).toBeFocused();
  await page.keyboard.press("7"); // what stands is changed in place
  await expect(row(1)).toContainText("B clearly better");
  await expect(page.getByRole("main").getByText("Saved")).toBeVisible();
  expect((await events(page, queue)).map(({ what }) => what)).toEqual(["vote", "vote", "vote", "undo", "vote"]);
  await page.getByRole("link", { name: "skipped 1" }).click();
  await row(2).click();
  await shows(page, "p1");
  await expect(page.getByRole("region", { name: "Your vote" })).toContainText("Skip");

  await page.goto(`/annotate/${queue}/list`);
  await expect(row(4)).toBeFocused();
  await page.keyboard.press("1"); // the next page goes on after the last of these, though one is gone
  await expect(row(4)).toContainText("A much better");
  await expect(page.getByRole("main").getByText("Saved")).toBeVisible();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(row(29)).toBeFocused(); // 4 to 28 stood on the first
});

test("the list names the keys that vote, and shows a vote that the server refuses as not saved", async ({ page }) => {
  await open(page, "Refused in a list", rows(3), { mode: "pair", goldPercent: 5 });
  await page.getByRole("link", { name: "List" }).click();
  const hint = page.getByText(/opens it$/);
  await expect(hint).toHaveText("J K row, ← → ↓ ↑ S vote, Enter opens it");
  const row = (i: number) => page.getByRole("main").getByRole("listitem").nth(i);
  await expect(row(0)).toContainText("p0");
  await expect(page.getByText(/^#\d+$/)).toHaveCount(0); // gold records are mixed in
  const refusal = { error: "It was taken away.", refused: "vote", problems: [] };
  await page.route("**/api/judgements", (route) => route.fulfill({ status: 409, json: refusal }));
  await expect(row(0).getByRole("link")).toBeFocused(); // it listens
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("button", { name: "1 not saved" })).toBeVisible();
  await expect(row(0)).toContainText("–");
  await expect(page.getByText("Saved", { exact: true })).toHaveCount(0);
  await page.unroute("**/api/judgements");
  await page.keyboard.press("ArrowDown"); // a tie on the second
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect(row(1)).toContainText("Tie");
});

test("the history shows past votes without their numbers where repeats are mixed in, and opens them in place", async ({
  page,
}) => {
  await open(page, "Looks back", rows(3), { mirrorPercent: 10 });
  await page.keyboard.press("1");
  await shows(page, "p1");
  await page.keyboard.press("9");
  await shows(page, "p2");
  await page.keyboard.press("h");
  const panel = page.getByRole("complementary", { name: "Details" });
  await expect(panel.getByRole("listitem")).toHaveText(["Tiep1", "A much betterp0"]);
  await axe(page);
  await panel.getByRole("button", { name: /A much better/ }).click();
  await shows(page, "p0");
  await expect(page.getByRole("region", { name: "Your vote" })).toContainText("Your vote 2 records back");
  await page.waitForTimeout(500); // the address follows a moment later
  expect(new URL(page.url()).search).toBe("");
});

test("the end: counts by verdict, pace, the way back to one's own annotations and to the next dataset", async ({
  page,
}) => {
  await open(page, "Ends", rows(4));
  for (const key of ["1", "8", "9", "s"]) await page.keyboard.press(key);
  await expect(page.getByRole("heading", { name: "All done" })).toBeVisible();
  const figure = (name: string) => page.locator("dl > div").filter({ hasText: name }).locator("dd");
  await expect(figure("A or B better")).toHaveText("2");
  await expect(figure("Tie")).toHaveText("1");
  await expect(figure("Skipped")).toHaveText("1");
  await expect(figure("Median time a record")).toHaveText(/ s$/);
  await expect(page.getByRole("link", { name: /^Next dataset: .* left\)$/ })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Review my annotations" }).click();
  await expect(page.getByRole("link", { name: "annotated 3" })).toHaveAttribute("aria-current", "page");
});

test("a part of the screen that cannot be loaded says so, votes go on, and a reload brings it with the draft", async ({
  page,
}) => {
  await open(page, "Cut off", rows(5)); // near the end of a dataset all parts are fetched ahead
  await page.route("**/*.js", (route) => route.abort());
  await page.keyboard.press("r");
  await page.keyboard.type("kept");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("f");
  await expect(page.getByRole("alert").getByText("could not be loaded")).toBeVisible();
  await axe(page);
  await page.unroute("**/*.js");
  await page.getByRole("button", { name: "Reload the page" }).click();
  await expect(page.getByText("Reason: kept")).toBeVisible();
  await expect(prompt(page)).toBeFocused();
  await page.keyboard.press("f");
  await page.keyboard.press("2");
  await shows(page, "p1");
});

test("records that ran out while the server did not answer come as soon as it does", async ({ page }) => {
  await open(page, "Outran it", rows(60));
  await page.route("**/api/queues/*/tasks", (route) => route.abort());
  for (let i = 0; i < 60 && (await prompt(page).isVisible()); i++) await page.keyboard.press("1");
  await expect(prompt(page)).toHaveCount(0);
  await page.unroute("**/api/queues/*/tasks");
  await expect(prompt(page)).toBeVisible();
});
