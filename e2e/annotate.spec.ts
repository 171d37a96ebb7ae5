// An annotator's hour: choose a name, one key a pair, undo after a reload, and nothing lost when the network goes.
import { gzipSync } from "node:zlib";
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset, prompt } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

const promptText = async (page: Page) => (await prompt(page).textContent()) ?? "";
const progress = (page: Page) => page.getByText(/^\d+ \/ 200$/);

test("annotates with one key each, and undoes any number of votes after a reload", async ({ page }) => {
  await enterAs(page, "Keyboard only");
  await page.keyboard.press("Tab"); // nothing here needs a mouse
  await page.goto("/annotate/1");
  const seen: string[] = [];
  for (const key of ["1", "4", "5", "8", "9", "0", "s"]) {
    seen.push(await promptText(page));
    await page.keyboard.press(key);
    await expect(prompt(page)).not.toHaveText(seen.at(-1)!);
  }
  expect(new Set(seen).size).toBe(7);
  await expect(progress(page)).toHaveText("7 / 200");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(progress(page)).toHaveText("7 / 200");
  for (const _ of seen.slice(-3)) await page.keyboard.press("z"); // none is lost where they come faster than the server answers
  await expect(prompt(page)).toHaveText(seen.at(-3)!);
  for (const expected of seen.slice(0, -3).reverse()) {
    await page.keyboard.press("z");
    await expect(prompt(page)).toHaveText(expected);
  }
  await expect(progress(page)).toHaveText("0 / 200");
});

test("the buttons say their keys and do the same", async ({ page }) => {
  await enterAs(page, "Mouse");
  await page.goto("/annotate/1");
  const first = await promptText(page);
  await page.getByRole("button", { name: "B clearly better" }).click();
  await expect(prompt(page)).not.toHaveText(first);
  await page.getByRole("button", { name: "Z Undo" }).click();
  await expect(prompt(page)).toHaveText(first);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("1"); // a key under an open sheet votes for nothing
  await page.keyboard.press("Escape");
  await expect(prompt(page)).toHaveText(first);
});

test("D marks the words that only one answer says; similar answers say so before", async ({ page }) => {
  await enterAs(page, "Differences");
  const answers = ["It is a moving film, and a long one.", "It is a dull film, and a long one."];
  const queueId = await importDataset(page, "alike", [{ prompt: "p", answers }]);
  await page.goto(`/annotate/${queueId}`);
  await expect(page.getByText("press D for a diff")).toBeVisible();
  await page.keyboard.press("d");
  await expect.poll(async () => (await page.locator("mark").allTextContents()).sort()).toEqual(["dull", "moving"]);
  await expect(page.getByText("1 word differs.")).toBeVisible();
  await page.keyboard.press("d");
  await expect(page.locator("mark")).toHaveCount(0);
});

test("reason and rewrite go with the vote and come back with its undo; F asks what is wrong", async ({ page }) => {
  await enterAs(page, "Writer");
  await page.goto("/annotate/1");
  const first = await promptText(page);
  await page.keyboard.press("r");
  await page.keyboard.type("1 is nearer to the question"); // a digit here is no vote
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await page.getByRole("button", { name: "Start from A" }).click();
  await page.keyboard.type(" And more.");
  await page.keyboard.press("Escape");
  await expect(page.getByText("draft", { exact: true })).toHaveCount(2);
  await expect(prompt(page)).toHaveText(first);
  await page.keyboard.press("2");
  await expect(prompt(page)).not.toHaveText(first);
  await expect(page.getByText("draft", { exact: true })).toHaveCount(0);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const rows = await (await page.request.get("/api/queues/1/export?rows=rewrites")).text();
  expect(rows).toContain(" And more.");

  const second = await promptText(page);
  await page.keyboard.press("f");
  await page.keyboard.press("3");
  await expect(prompt(page)).not.toHaveText(second);
  await page.keyboard.press("z");
  await expect(prompt(page)).toHaveText(second);
  await page.keyboard.press("z");
  await expect(prompt(page)).toHaveText(first);
  await page.keyboard.press("r");
  await expect(page.getByLabel("Reason", { exact: true })).toHaveValue("1 is nearer to the question");
});

test("two annotators see the two answers on opposite sides", async ({ page, browser }) => {
  await enterAs(page, "Left");
  await page.goto("/annotate/1");
  const other = await (await browser.newContext()).newPage();
  await enterAs(other, "Right");
  await other.goto("/annotate/1");
  const answers = (of: Page) => of.locator("article .prose-answer").allTextContents();
  const [mine, theirs] = [await answers(page), await answers(other)];
  expect(theirs).toEqual([...mine].reverse());
  await other.context().close();
});

test("votes made offline wait in the browser and arrive later, once each", async ({ page, context }) => {
  await enterAs(page, "Offline");
  await page.goto("/annotate/1");
  await context.setOffline(true);
  for (const key of ["2", "7", "9"]) {
    const before = await promptText(page);
    await page.keyboard.press(key);
    await expect(prompt(page)).not.toHaveText(before);
  }
  await expect(page.getByText("3 to send")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(progress(page)).toHaveText("3 / 200");
});

test("answers are Markdown without scripts, raw HTML or remote images", async ({ page }) => {
  await enterAs(page, "Safe");
  const answer =
    '**bold** <img src=x onerror="document.title=1"><script>document.title=2</script> ![pic](https://example.invalid/p.png) [l](javascript:alert(1))';
  const queueId = await importDataset(page, "hostile", [{ prompt: "p", answers: [answer, "plain"] }]);
  const remote: string[] = [];
  page.on("request", (request) => !request.url().startsWith("http://127.0.0.1") && remote.push(request.url()));
  await page.goto(`/annotate/${queueId}`);
  await expect(page.locator("strong", { hasText: "bold" })).toBeVisible();
  await expect(page.getByText("[image: pic]")).toBeVisible();
  await expect(
    page.locator(".prose-answer img, .prose-answer script, .prose-answer a[href^='javascript']"),
  ).toHaveCount(0);
  await expect(page).toHaveTitle(/^Annotate/);
  expect(remote).toEqual([]);
});

test("formulas and code are set, and a price is no formula", async ({ page }) => {
  await enterAs(page, "Mathematician");
  const answers = [
    "The sum is $\\sum_{i=1}^n i$.\n\n```python\ndef f(x):\n    return x\n```\n",
    "It costs $5, or $7 with tax. $$e^{i\\pi}$$",
  ];
  const queueId = await importDataset(page, "rich", [{ prompt: "p", answers }]);
  await page.goto(`/annotate/${queueId}`);
  await expect(page.locator(".katex")).toHaveCount(2);
  await expect(page.locator(".hljs-keyword", { hasText: "def" })).toBeVisible();
  await expect(page.getByText("It costs $5, or $7 with tax.")).toBeVisible();
});

test("a dataset with one annotation per record assigns its records", async ({ page, browser }) => {
  await enterAs(page, "First come");
  const rows = ["one", "two"].map((prompt) => ({ prompt, answers: [`left ${prompt}`, `right ${prompt}`] }));
  const queueId = await importDataset(page, "shared", rows);
  await page.goto(`/datasets/${queueId}/settings`);
  await page.getByLabel("Annotations per record").selectOption("1");
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("2 of 2 records need annotations")).toBeVisible();
  await page.goto(`/annotate/${queueId}`);
  await expect(prompt(page)).toHaveText("Prompt: one");

  const other = await (await browser.newContext()).newPage();
  await enterAs(other, "Second");
  await other.goto(`/annotate/${queueId}`);
  await expect(other.getByText("Nothing to annotate right now")).toBeVisible();
  await page.keyboard.press("1");
  await page.keyboard.press("8");
  await expect(page.getByText("All done")).toBeVisible();
  await other.getByRole("button", { name: "Refresh" }).click();
  await expect(other.getByText("All done")).toBeVisible();
  await other.context().close();
});

test("guidelines are written on the dataset's page, and stay open from record to record", async ({ page }) => {
  await enterAs(page, "Guide");
  const rows = ["one", "two"].map((name) => ({ prompt: name, answers: [`a ${name}`, `b ${name}`] }));
  const queueId = await importDataset(page, "guided", rows);
  await page.goto(`/datasets/${queueId}`);
  await page.getByRole("link", { name: "Write guidelines" }).click();
  await page.getByLabel("Guidelines").fill("Prefer the **shorter** of two that are right.");
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("Saved ✓")).toBeVisible();
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.locator("strong", { hasText: "shorter" })).toBeVisible();
  await page.goto(`/annotate/${queueId}`);
  await expect(prompt(page)).toHaveText("Prompt: one");
  await page.keyboard.press("g");
  const guide = page.getByRole("region", { name: "Guidelines" });
  await expect(guide).toContainText("Prefer the shorter of two");
  await page.keyboard.press("3");
  await expect(prompt(page)).toHaveText("Prompt: two");
  await expect(guide).toBeVisible();
  await page.keyboard.press("g");
  await expect(guide).toBeHidden();
});

test("a blind arena: enough votes on two models' answers, and the dataset's page ranks the models", async ({
  page,
}) => {
  await enterAs(page, "Arena");
  const rows = Array.from({ length: 10 }, (_, i) => ({
    prompt: `p${i}`,
    answers: [`a${i}`, `b${i}`],
    writers: ["tuned", "base"],
  }));
  const queueId = await importDataset(page, "arena", rows);
  await page.goto(`/annotate/${queueId}`);
  for (let i = 0; i < 10; i++) {
    await expect(prompt(page)).toHaveText(`Prompt: p${i}`);
    await expect(page.getByText("tuned")).toHaveCount(0);
    const tunedIsLeft = await page.getByRole("article").first().getByText(`a${i}`, { exact: true }).isVisible();
    await page.keyboard.press(tunedIsLeft ? "1" : "8");
  }
  await expect(page.getByText("All done")).toBeVisible();
  await page.goto(`/datasets/${queueId}`);
  await expect(page.getByRole("row", { name: /^tuned .* 100 % 10$/ })).toBeVisible();
  await page.getByRole("link", { name: "Train on this dataset" }).click();
  await expect(page.getByLabel("Training pairs")).toHaveValue(`queue:${queueId}`);
});

test("people disagree, a reviewer decides with one key, and the decision is what is exported", async ({
  page,
  browser,
}) => {
  await enterAs(page, "Reviewer");
  const queueId = await importDataset(page, "disputed", [
    { prompt: "who is right?", answers: ["this one", "that one"] },
  ]);
  for (const [name, wanted] of [
    ["Votes this", "this one"],
    ["Votes that", "that one"],
  ] as const) {
    const rater = await (await browser.newContext()).newPage();
    await enterAs(rater, name);
    await rater.goto(`/annotate/${queueId}`);
    const first = rater.getByRole("article", { name: "Answer A" });
    await expect(first).toBeVisible();
    await rater.keyboard.press((await first.textContent())?.includes(wanted) ? "1" : "8");
    await expect(rater.getByText("All done")).toBeVisible();
    await rater.context().close();
  }
  await page.goto(`/datasets/${queueId}`);
  await expect(page.getByText("1 of 1 disputed records needs a decision")).toBeVisible();
  await page.getByRole("link", { name: "Review" }).click();
  await expect(page.getByRole("region", { name: "Votes" }).getByRole("listitem")).toHaveText([
    /^[AB] much better$/,
    /^[AB] much better$/,
  ]);
  expect(await findings(page)).toEqual([]);
  const thisIsA = (await page.getByRole("article", { name: "Answer A" }).textContent())?.includes("this one");
  await page.keyboard.press(thisIsA ? "1" : "2");
  await expect(page.getByText("1 of 1, 1 resolved")).toBeVisible();
  const [row] = (await (await page.request.get(`/api/queues/${queueId}/export`)).text()).trim().split("\n");
  expect(JSON.parse(row!)).toMatchObject({ chosen: [{ content: "this one" }], p_chosen: 1 });
  await page.keyboard.press("z");
  await expect(page.getByText("1 of 1, 0 resolved")).toBeVisible();
});

test("the annotation screen loads no more JavaScript than 150 kB, gzipped", async ({ page }) => {
  await enterAs(page, "Counts bytes");
  const visit = await page.context().newPage();
  const scripts: Promise<number>[] = [];
  visit.on("response", (response) => {
    if (response.url().endsWith(".js")) scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  await visit.goto("/annotate/1");
  await expect(prompt(visit)).toBeFocused();
  await visit.waitForLoadState("networkidle");
  const bytes = (await Promise.all(scripts)).reduce((a, b) => a + b, 0);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(150_000);
});
