// An annotator's hour: choose a name, one key a pair, undo after a reload, and nothing lost when the network goes.
import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { enterAs } from "./pages/annotate";

const prompt = (page: Page) => page.getByRole("heading", { level: 2 });
const promptText = async (page: Page) => (await prompt(page).textContent()) ?? "";
const progress = (page: Page) => page.getByText(/^\d+ \/ 200$/);

test("ranks with one key each, and undoes any number of votes after a reload", async ({ page }) => {
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
  for (const expected of [...seen].reverse()) {
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
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("1"); // a key under an open sheet votes for nothing
  await page.keyboard.press("Escape");
  await expect(prompt(page)).toHaveText(first);
});

test("D marks the words that only one answer says; answers much alike say so before", async ({ page }) => {
  await enterAs(page, "Differences");
  const row = JSON.stringify({
    prompt: "p",
    answers: ["It is a moving film, and a long one.", "It is a dull film, and a long one."],
  });
  const imported = await page.request.post("/api/queues/import?name=alike", {
    data: `${row}\n`,
    headers: { "content-type": "application/x-ndjson" },
  });
  const { queueId } = (await imported.json()) as { queueId: number };
  await page.goto(`/annotate/${queueId}`);
  await expect(page.getByText("press D to see what differs")).toBeVisible();
  await page.keyboard.press("d");
  await expect.poll(async () => (await page.locator("mark").allTextContents()).sort()).toEqual(["dull", "moving"]);
  await expect(page.getByText("1 word differs.")).toBeVisible();
  await page.keyboard.press("d");
  await expect(page.locator("mark")).toHaveCount(0);
});

test("words go with the vote and come back with its undo; F asks what is wrong", async ({ page }) => {
  await enterAs(page, "Writer");
  await page.goto("/annotate/1");
  const first = await promptText(page);
  await page.keyboard.press("r");
  await page.keyboard.type("1 is nearer to the question"); // a digit here is no vote
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await page.getByRole("button", { name: "Begin with A" }).click();
  await page.keyboard.type(" And more.");
  await page.keyboard.press("Escape");
  await expect(page.getByText("written")).toHaveCount(2);
  await expect(prompt(page)).toHaveText(first);
  await page.keyboard.press("2");
  await expect(prompt(page)).not.toHaveText(first);
  await expect(page.getByText("written")).toHaveCount(0);
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
  await expect(page.getByLabel("Why")).toHaveValue("1 is nearer to the question");
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
  const row = JSON.stringify({ prompt: "p", answers: [answer, "plain"] });
  const imported = await page.request.post("/api/queues/import?name=hostile", {
    data: `${row}\n`,
    headers: { "content-type": "application/x-ndjson" },
  });
  const { queueId } = (await imported.json()) as { queueId: number };
  const remote: string[] = [];
  page.on("request", (request) => !request.url().startsWith("http://127.0.0.1") && remote.push(request.url()));
  await page.goto(`/annotate/${queueId}`);
  await expect(page.locator("strong", { hasText: "bold" })).toBeVisible();
  await expect(page.getByText("[image: pic]")).toBeVisible();
  await expect(page.locator("main img, main script, main a[href^='javascript']")).toHaveCount(0);
  await expect(page).toHaveTitle(/Rank pairs/);
  expect(remote).toEqual([]);
});

test("formulas and code are set, and a price is no formula", async ({ page }) => {
  await enterAs(page, "Mathematician");
  const answers = [
    "The sum is $\\sum_{i=1}^n i$.\n\n```python\ndef f(x):\n    return x\n```\n",
    "It costs $5, or $7 with tax. $$e^{i\\pi}$$",
  ];
  const imported = await page.request.post("/api/queues/import?name=rich", {
    data: `${JSON.stringify({ prompt: "p", answers })}\n`,
    headers: { "content-type": "application/x-ndjson" },
  });
  const { queueId } = (await imported.json()) as { queueId: number };
  await page.goto(`/annotate/${queueId}`);
  await expect(page.locator(".katex")).toHaveCount(2);
  await expect(page.locator(".hljs-keyword", { hasText: "def" })).toBeVisible();
  await expect(page.getByText("It costs $5, or $7 with tax.")).toBeVisible();
});

test("a queue that wants one judgement a pair shares its pairs out", async ({ page, browser }) => {
  await enterAs(page, "First come");
  const rows = ["one", "two"].map((prompt) =>
    JSON.stringify({ prompt, answers: [`left ${prompt}`, `right ${prompt}`] }),
  );
  const imported = await page.request.post("/api/queues/import?name=shared", {
    data: `${rows.join("\n")}\n`,
    headers: { "content-type": "application/x-ndjson" },
  });
  const { queueId } = (await imported.json()) as { queueId: number };
  await page.goto(`/data/${queueId}`);
  await page.getByLabel("Judgements a pair").selectOption("1");
  await expect(page.getByText("2 of 2 pairs want more")).toBeVisible();
  await page.goto(`/annotate/${queueId}`);
  await expect(prompt(page)).toHaveText("Prompt: one");

  const other = await (await browser.newContext()).newPage();
  await enterAs(other, "Second");
  await other.goto(`/annotate/${queueId}`);
  await expect(other.getByText("Nothing for you just now")).toBeVisible();
  await page.keyboard.press("1");
  await page.keyboard.press("8");
  await expect(page.getByText("Queue finished")).toBeVisible();
  await other.getByRole("button", { name: "Look again" }).click();
  await expect(other.getByText("Queue finished")).toBeVisible();
  await other.context().close();
});

test("guidelines are written on the queue's page, and stand beside the pair while votes go on", async ({ page }) => {
  await enterAs(page, "Guide");
  const rows = ["one", "two"].map((name) => JSON.stringify({ prompt: name, answers: [`a ${name}`, `b ${name}`] }));
  const imported = await page.request.post("/api/queues/import?name=guided", {
    data: `${rows.join("\n")}\n`,
    headers: { "content-type": "application/x-ndjson" },
  });
  const { queueId } = (await imported.json()) as { queueId: number };
  await page.goto(`/data/${queueId}`);
  await page.getByRole("button", { name: "Write guidelines" }).click();
  await page.getByLabel(/^Markdown/).fill("Prefer the **shorter** of two that are right.");
  await page.getByRole("button", { name: "Save guidelines" }).click();
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

test("a blind arena: enough votes on two writers' pairs, and the queue's page says who writes better", async ({
  page,
}) => {
  await enterAs(page, "Arena");
  const rows = Array.from({ length: 10 }, (_, i) =>
    JSON.stringify({ prompt: `p${i}`, answers: [`a${i}`, `b${i}`], writers: ["tuned", "base"] }),
  );
  const imported = await page.request.post("/api/queues/import?name=arena", {
    data: `${rows.join("\n")}\n`,
    headers: { "content-type": "application/x-ndjson" },
  });
  const { queueId } = (await imported.json()) as { queueId: number };
  await page.goto(`/annotate/${queueId}`);
  for (let i = 0; i < 10; i++) {
    await expect(prompt(page)).toHaveText(`Prompt: p${i}`);
    await expect(page.getByText("tuned")).toHaveCount(0);
    const tunedIsLeft = await page.getByRole("article").first().getByText(`a${i}`, { exact: true }).isVisible();
    await page.keyboard.press(tunedIsLeft ? "1" : "8");
  }
  await expect(page.getByText("Queue finished")).toBeVisible();
  await page.goto(`/data/${queueId}`);
  await expect(page.getByRole("row", { name: /^tuned .* 100 % 10$/ })).toBeVisible();
  await page.getByRole("link", { name: "Train on these" }).click();
  await expect(page.getByLabel("Training pairs")).toHaveValue(`queue:${queueId}`);
});

test("people disagree, a reviewer rules with one key, and the ruling is what is exported", async ({
  page,
  browser,
}) => {
  await enterAs(page, "Reviewer");
  const imported = await page.request.post("/api/queues/import?name=disputed", {
    data: `${JSON.stringify({ prompt: "who is right?", answers: ["this one", "that one"] })}\n`,
    headers: { "content-type": "application/x-ndjson" },
  });
  const { queueId } = (await imported.json()) as { queueId: number };
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
    await expect(rater.getByText("Queue finished")).toBeVisible();
    await rater.context().close();
  }
  await page.goto(`/data/${queueId}`);
  await expect(page.getByText("1 of 1 pairs on which people disagree wants a ruling")).toBeVisible();
  await page.getByRole("link", { name: "Review" }).click();
  await expect(page.getByRole("region", { name: "What was said" }).getByRole("listitem")).toHaveText([
    /^[AB] much better$/,
    /^[AB] much better$/,
  ]);
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  const thisIsA = (await page.getByRole("article", { name: "Answer A" }).textContent())?.includes("this one");
  await page.keyboard.press(thisIsA ? "1" : "2");
  await expect(page.getByText("1 of 1, 1 ruled")).toBeVisible();
  const [row] = (await (await page.request.get(`/api/queues/${queueId}/export`)).text()).trim().split("\n");
  expect(JSON.parse(row!)).toMatchObject({ chosen: [{ content: "this one" }], p_chosen: 1 });
  await page.keyboard.press("z");
  await expect(page.getByText("1 of 1, 0 ruled")).toBeVisible();
});

test("the ranking screen loads no more JavaScript than 150 kB, gzipped", async ({ page }) => {
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
