// More than the next pair: one's own past, rankings, training rounds, aspects, keys of one's own, two tabs, what a reviewer sends back.
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset, prompt } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

const pairs = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ prompt: `p${i}`, answers: [`a${i}`, `b${i}`], ...more }));
const exported = async (page: Page, queue: number, rows = "pairs") =>
  (await (await page.request.get(`/api/queues/${queue}/export?rows=${rows}`)).text())
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const axe = async (page: Page) => expect(await findings(page)).toEqual([]);

test("back through what one said, with who wrote it; a vote there takes the old one's place", async ({ page }) => {
  await enterAs(page, "Historian");
  const queue = await importDataset(page, "history", pairs(4, { writers: ["tuned", "base"] }));
  await page.goto(`/annotate/${queue}`);
  for (const key of ["1", "9", "8"]) {
    const now = await prompt(page).textContent();
    await page.keyboard.press(key);
    await expect(prompt(page)).not.toHaveText(now!);
  }
  await expect(page.getByText("tuned")).toHaveCount(0); // nobody knows yet whose p3 is
  await page.keyboard.press("[");
  const past = page.getByRole("region", { name: "Your vote" });
  await expect(past).toContainText("Your last vote: B much better");
  await expect(past).toContainText("by tuned");
  await axe(page);
  await page.keyboard.press("[");
  await page.keyboard.press("[");
  await expect(past).toContainText("Your vote 3 records back: A much better");
  await expect(prompt(page)).toHaveText("Prompt: p0");
  await page.keyboard.press("6");
  await expect(past).toContainText("B slightly better");
  await page.keyboard.press("]");
  await expect(past).toContainText("Tie");
  await page.getByRole("button", { name: "Back to annotating" }).click();
  await expect(prompt(page)).toHaveText("Prompt: p3");
  await expect(page.getByText("3 / 4")).toBeVisible();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect((await exported(page, queue)).map(({ strength }) => strength).sort()).toEqual([2, 4]);
});

test("four answers are ranked by their letters, best first; ties with =; undone as one", async ({ page }) => {
  await enterAs(page, "Ranker");
  const answers = ["red", "green", "blue", "white"];
  const queue = await importDataset(page, "rankings", [
    { prompt: "which colour?", answers },
    { prompt: "and now?", answers: answers.slice(0, 3) },
  ]);
  await page.goto(`/annotate/${queue}`);
  await expect(page.getByRole("article")).toHaveCount(4);
  await axe(page);
  const letterOf = async (text: string) =>
    (await page.getByRole("article").filter({ hasText: text }).getByRole("heading").textContent())!.toLowerCase();
  const [red, green, blue, white] = [
    await letterOf("red"),
    await letterOf("green"),
    await letterOf("blue"),
    await letterOf("white"),
  ];
  for (const key of [blue, "=", green, red]) await page.keyboard.press(key!);
  await expect(page.locator("output")).toContainText(">");
  await page.keyboard.press("Enter"); // white comes last
  await expect(prompt(page)).toHaveText("Prompt: and now?");
  await expect(page.getByText("1 / 2")).toBeVisible();
  const wins = (await exported(page, queue)).map(({ chosen, rejected, strength }) => [
    (chosen as { content: string }[])[0]!.content,
    (rejected as { content: string }[])[0]!.content,
    strength,
  ]);
  expect(wins.sort()).toEqual([
    ["blue", "red", 1],
    ["blue", "white", 2],
    ["green", "red", 1],
    ["green", "white", 2],
    ["red", "white", 1],
  ]);
  await page.keyboard.press("z");
  await expect(prompt(page)).toHaveText("Prompt: which colour?");
  await expect(page.getByText("0 / 2")).toBeVisible();
  for (const letter of [red, green, blue, white])
    await page.getByRole("button", { name: `Rank ${letter!.toUpperCase()} next` }).click();
  await expect(prompt(page)).toHaveText("Prompt: and now?");
});

test("a qualification round explains; ratings go with the vote; the arrows choose where no strength is asked", async ({
  page,
}) => {
  await enterAs(page, "Trainee");
  const gold = { prompt: "2 + 2?", answers: ["4", "5"], gold: { verdict: "first", because: "Four it is." } };
  const queue = await importDataset(page, "training", [gold, ...pairs(2)]);
  await page.goto(`/datasets/${queue}/settings`);
  await expect(page.getByText("2 records, plus 1 gold")).toBeVisible();
  await page.getByLabel("Qualification round").fill("1");
  await page.getByLabel("Rating criteria").fill("Truth, Style");
  await page.getByLabel("Question").selectOption("pair");
  await page.getByLabel("Question").press("Control+Enter");
  await expect(page.getByText("Saved ✓")).toBeVisible();
  await axe(page);
  await page.goto(`/annotate/${queue}`);
  const fourIsLeft = (await page.getByRole("article", { name: "Answer A" }).textContent())!.includes("4");
  await page.keyboard.press(fourIsLeft ? "ArrowRight" : "ArrowLeft");
  const feedback = page.getByRole("status", { name: "Feedback" });
  await expect(feedback).toContainText("Incorrect. Correct answer:");
  await expect(feedback).toContainText("Four it is.");
  await axe(page);
  await page.keyboard.press("ArrowLeft"); // no vote while the feedback is shown
  await page.keyboard.press("Enter");
  await expect(prompt(page)).toHaveText("Prompt: p0");
  await expect(page.getByText("0 / 2")).toBeVisible();
  await page.keyboard.press("q");
  await expect(page.getByRole("group", { name: "Rate the answers by criterion" })).toBeVisible();
  await page.keyboard.press("4");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+2");
  await expect(page.getByRole("button", { name: "Truth, A: 4 of 5" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("button", { name: "Style, B: 2 of 5" })).toHaveAttribute("aria-pressed", "true");
  await axe(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("ArrowLeft");
  await expect(prompt(page)).toHaveText("Prompt: p1");
  await page.keyboard.press("z");
  await expect(prompt(page)).toHaveText("Prompt: p0");
  await page.keyboard.press("q");
  await expect(page.getByRole("button", { name: "Truth, A: 4 of 5" })).toHaveAttribute("aria-pressed", "true");
});

test("a key is given another place, stays there after a reload, and can be switched off", async ({ page }) => {
  await enterAs(page, "Left hand");
  const queue = await importDataset(page, "keys", pairs(4));
  await page.goto(`/annotate/${queue}`);
  await expect(prompt(page)).toBeFocused();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await sheet.getByRole("button", { name: "Change key for: A is much better" }).click();
  await page.keyboard.press("5");
  await expect(sheet.getByText("5 is taken")).toBeVisible();
  await page.keyboard.press("w");
  await axe(page);
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(page.getByRole("button", { name: "A much better" })).toHaveAttribute("aria-keyshortcuts", "w");
  await page.keyboard.press("1"); // does nothing any more
  await page.keyboard.press("w");
  await expect(prompt(page)).toHaveText("Prompt: p1");
  await page.keyboard.press("?");
  await sheet.getByLabel("Turn off shortcuts").check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("w");
  await page.getByRole("button", { name: "Tie" }).click();
  await expect(prompt(page)).toHaveText("Prompt: p2");
  await page.getByRole("button", { name: "? Shortcuts" }).click();
  await sheet.getByRole("button", { name: "Reset to defaults" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  await expect(prompt(page)).toHaveText("Prompt: p3");
});

test("two tabs and a double click: each vote is kept, none twice", async ({ page, context }) => {
  await enterAs(page, "Two tabs");
  const queue = await importDataset(page, "tabs", pairs(12));
  const other = await context.newPage();
  await page.goto(`/annotate/${queue}`);
  await other.goto(`/annotate/${queue}`);
  await context.setOffline(true);
  for (let i = 0; i < 3; i++) await page.keyboard.press("1");
  await page.getByRole("button", { name: "Tie" }).dblclick(); // one vote, not one on the next pair too
  await expect(page.getByText("4 to send")).toBeVisible();
  for (let i = 0; i < 2; i++) await other.keyboard.press("s"); // on pairs that the first tab has judged
  await expect(other.getByText("6 to send")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect(other.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText("4 / 12")).toBeVisible();
  expect(await exported(page, queue)).toHaveLength(3); // the first word on a pair stands; the tie decides nothing
});

test("a reviewer returns a disputed record; it comes first, with the note, and is annotated anew", async ({
  page,
  browser,
}) => {
  await enterAs(page, "Chief");
  const queue = await importDataset(page, "returned", [{ prompt: "who?", answers: ["this", "that"] }, ...pairs(1)]);
  const rater = await (await browser.newContext()).newPage();
  await enterAs(rater, "Rater one");
  const second = await (await browser.newContext()).newPage();
  await enterAs(second, "Rater two");
  for (const [who, wanted] of [
    [rater, "this"],
    [second, "that"],
  ] as const) {
    await who.goto(`/annotate/${queue}`);
    const first = await who.getByRole("article", { name: "Answer A" }).textContent();
    await who.keyboard.press(first?.includes(wanted) ? "1" : "8");
    await expect(prompt(who)).toHaveText("Prompt: p0");
  }
  await page.goto(`/datasets/${queue}/adjudication`);
  const note = page.getByLabel("Note to the annotators");
  await expect(async () => {
    if (!(await note.isVisible())) await page.keyboard.press("b"); // again, where the page was not listening yet
    await expect(note).toBeFocused({ timeout: 1000 });
  }).toPass();
  await page.keyboard.type("1 look at the second word");
  await axe(page);
  await page.getByRole("button", { name: "Return", exact: true }).click();
  await expect(page.getByText("Returned to 2 annotators.")).toBeVisible();
  await rater.reload();
  await expect(rater.getByRole("region", { name: "Returned by a reviewer" })).toContainText(
    "1 look at the second word",
  );
  await axe(rater);
  const first = await rater.getByRole("article", { name: "Answer A" }).textContent();
  await rater.keyboard.press(first?.includes("that") ? "1" : "8");
  await expect(prompt(rater)).toHaveText("Prompt: p0");
  await expect(rater.getByText("1 / 2")).toBeVisible();
  expect((await exported(page, queue)).map(({ chosen }) => chosen)).toEqual([[{ role: "assistant", content: "that" }]]);
  for (const other of [rater, second]) await other.context().close();
});
