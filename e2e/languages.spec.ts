// The annotators' screens in other languages than English: whole annotations by keyboard, in Arabic from right to left, and in Chinese.
import { expect, type Page } from "@playwright/test";
import { type MessageKey, translate } from "../lib/messages/messages";
import { importDataset } from "./pages/annotate";
import { looksRight } from "./pages/axe";
import { test } from "./pages/test";

const rows = ["Which sea is the saltiest?", "ما أكبر كوكب؟", "最长的河是哪条？"].map((prompt, i) => ({
  prompt,
  answers: [`The first answer, number ${i}.`, `The second answer, number ${i}!`],
}));

type Said = (key: MessageKey, values?: Record<string, string | number>) => string;

async function enter(page: Page, say: Said, name: string): Promise<void> {
  await page.goto("/annotate");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("name.title"));
  await page.getByLabel(say("name.label")).fill(name);
  await page.getByRole("button", { name: say("name.start") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("datasets.title"));
}

async function open(page: Page, say: Said, address: string): Promise<void> {
  const listens = page.waitForResponse(/\/tasks$/);
  await page.goto(address);
  await (await listens).finished();
  await expect(page.getByRole("region", { name: say("screen.prompt") })).toBeFocused();
}

/** After a vote the next prompt is on screen. */
async function vote(page: Page, say: Said, key: string): Promise<void> {
  const prompt = page.getByRole("region", { name: say("screen.prompt") });
  const before = await prompt.textContent();
  await page.keyboard.press(key);
  await expect(prompt).not.toHaveText(before!);
}

const choices = async (page: Page, queue: number) =>
  ((await (await page.request.get(`/api/queues/${queue}/history`)).json()) as { choice: object }[]).map(
    ({ choice }) => choice,
  );

test.describe("Arabic", () => {
  test.use({ locale: "ar" });
  const say: Said = (key, values) => translate("ar", key, values);

  test("is read from right to left: A stands at the right, the arrows point to their answers, texts keep their own direction", async ({
    page,
  }) => {
    await enter(page, say, "تقرأ من اليمين");
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await looksRight(page);
    const queue = await importDataset(page, "right to left", rows);
    expect((await page.request.patch(`/api/queues/${queue}`, { data: { mode: "pair" } })).ok()).toBe(true);
    await open(page, say, `/annotate/${queue}`);
    const [a, b] = ["A", "B"].map((name) => page.getByRole("article", { name: say("screen.answerNamed", { name }) }));
    expect((await a!.boundingBox())!.x).toBeGreaterThan((await b!.boundingBox())!.x);
    const directions = page
      .locator(".prose-answer p")
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
    expect(await directions).toEqual(["ltr", "ltr", "ltr"]); // the prompt and both answers are English
    await looksRight(page);

    await vote(page, say, "ArrowRight");
    expect(await choices(page, queue)).toEqual([{ kind: "left", strength: 1 }]); // A, which is shown first
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: say("keys.title") });
    await expect(sheet.getByRole("listitem").first()).toContainText(`→${say("vote.is", { side: "A" })}`);
    await looksRight(page);
    await page.keyboard.press("Escape");
    await vote(page, say, "ArrowLeft");
    await page.keyboard.press("r");
    await page.keyboard.type("لأنها أوضح");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("heading", { name: say("end.title") })).toBeVisible();
    await looksRight(page);
    expect(await choices(page, queue)).toEqual([
      { kind: "tie" },
      { kind: "right", strength: 1 },
      { kind: "left", strength: 1 },
    ]);
    await page.keyboard.press("z");
    await expect(page.getByText(say("screen.undone", { vote: say("vote.tie") }))).toBeVisible();
  });

  test("stays on the annotators' pages, and is chosen there", async ({ page }) => {
    await enter(page, say, "تختار اللغة");
    await page
      .getByRole("link", { name: say("shell.datasets"), exact: true })
      .first()
      .click();
    await expect(page.getByRole("heading", { level: 1, name: "Datasets" })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
    await page.getByRole("link", { name: "Annotate", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("datasets.title"));
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await page.getByRole("combobox", { name: say("shell.language") }).selectOption("de");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(translate("de", "datasets.title"));
    await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
    await page.goto("/annotate/999");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(translate("de", "shell.notFound"));
    const refused = await page.request.post("/api/judgements", {
      data: { key: crypto.randomUUID(), itemId: 999_999, choice: { kind: "tie" }, activeMs: 0 },
      headers: { "accept-language": "fr" },
    });
    expect(await refused.json()).toMatchObject({ error: translate("fr", "error.noRecord", { id: 999_999 }) });
  });
});

test.describe("Chinese", () => {
  test.use({ locale: "zh-CN" });
  const say: Said = (key, values) => translate("zh", key, values);

  test("is what every part of an annotation is in", async ({ page }) => {
    await enter(page, say, "小林");
    await looksRight(page);
    const queue = await importDataset(page, "in Chinese", rows);
    await open(page, say, `/annotate/${queue}`);
    await vote(page, say, "1");
    await expect(page.getByText(say("vote.better4", { side: "A" })).last()).toBeVisible();
    await page.keyboard.press("f");
    await expect(page.getByText(say("screen.whatIsWrong"), { exact: true })).toBeVisible();
    await looksRight(page);
    await vote(page, say, "2");
    await page.keyboard.press("h");
    await expect(page.getByRole("complementary", { name: say("screen.details") })).toContainText(
      say("vote.flagged", { reason: say("vote.why.unsafe") }),
    );
    await page.keyboard.press("c");
    await expect(page.getByText(say("comment.waits"))).toBeVisible();
    await looksRight(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("s");
    await expect(page.getByText(say("end.done", { total: 3, skipped: 1 }))).toBeVisible();
    await page.goto(`/annotate/${queue}/list?mine=annotated`);
    await expect(page.getByRole("navigation", { name: say("list.mine") })).toContainText(say("list.annotated"));
    await expect(page.getByText(say("vote.better4", { side: "A" }))).toBeVisible();
    await looksRight(page);
  });
});
