// What is judged is shown right: sixty texts of our own, looked at by what the browser computes of them.
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset, nextRecord, prompt } from "./pages/annotate";
import { corpus, corpusRows } from "./pages/corpus";
import { test } from "./pages/test";

/** Opens each record of the corpus once and calls back on it. */
async function onEach(page: Page, name: string, look: (at: number) => Promise<void>): Promise<void> {
  await enterAs(page, name);
  const rows = corpusRows();
  const queue = await importDataset(page, `corpus for ${name}`, rows);
  await page.goto(`/annotate/${queue}`);
  let shown = "";
  for (const at of rows.keys()) {
    shown = await nextRecord(page, shown);
    await expect(prompt(page)).toBeFocused();
    await look(at);
    await page.keyboard.press("s");
  }
}

const sizes = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];

test("U15: none of sixty texts scrolls the page sideways, or reaches out of its answer", async ({ page }) => {
  expect(corpus).toHaveLength(60);
  await onEach(page, "Wide", async () => {
    for (const size of sizes) {
      await page.setViewportSize(size);
      const [content, shown] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content, `${size.width}`).toBeLessThanOrEqual(shown!);
      const outside = await page
        .locator("article, [aria-label=Prompt]")
        .evaluateAll((boxes) =>
          boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.textContent?.slice(0, 80)),
        );
      expect(outside).toEqual([]);
    }
  });
});

test("U11: formulas in all four notations are set, and no mark of one is left outside code", async ({ page }) => {
  let formulas = 0;
  await onEach(page, "Formulas", async () => {
    const words = await page.locator(".prose-answer").evaluateAll((answers) =>
      answers.map((answer) => {
        const copy = answer.cloneNode(true) as HTMLElement;
        for (const element of copy.querySelectorAll("code, .katex")) element.remove();
        return copy.textContent ?? "";
      }),
    );
    expect(words.filter((text) => /\\[()[\]]|\$\$|\$[a-z\\]/.test(text))).toEqual([]);
    expect(await page.locator(".katex-error").count()).toBe(0);
    formulas += await page.locator("article .katex").count();
  });
  // 3, 1, 1, 2, 1, 1, 2, 2, 2 and 1 in the ten texts on mathematics, 2 in a table, 1 in Persian.
  expect(formulas).toBe(19);
});

test("U13: code is set without ligatures and with its own forms of letters", async ({ page }) => {
  const looks = new Set<string>();
  let blocks = 0;
  await onEach(page, "Code", async () => {
    const found = await page.locator("pre, .prose-answer code").evaluateAll((codes) =>
      codes.map((code) => {
        const { fontVariantLigatures, fontFeatureSettings, direction } = getComputedStyle(code);
        return `${fontVariantLigatures} ${fontFeatureSettings} ${direction}`;
      }),
    );
    for (const look of found) looks.add(look);
    blocks += found.length;
    await page.keyboard.press("m"); // the raw text is code as well
    const raw = page.locator("article pre").first();
    expect(await raw.evaluate((text) => getComputedStyle(text).fontVariantLigatures)).toBe("none");
    await page.keyboard.press("m");
  });
  expect(blocks).toBeGreaterThan(30);
  expect([...looks]).toEqual(["none normal ltr"]);
});

test("U12: no word of a table is broken; a wide table scrolls in its own box", async ({ page }) => {
  let [cells, scrolling] = [0, 0];
  await page.setViewportSize({ width: 390, height: 844 });
  await onEach(page, "Tables", async () => {
    const broken = await page.locator(".prose-answer :is(td, th)").evaluateAll((found) =>
      found.flatMap((cell) => {
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        const torn: string[] = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode())
          for (const word of (node.textContent ?? "").matchAll(/[\p{L}\p{N}]{2,}/gu)) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
            if (lines.size > 1 && !node.parentElement?.closest(".katex")) torn.push(word[0]);
          }
        return torn;
      }),
    );
    expect(broken).toEqual([]);
    cells += await page.locator(".prose-answer td").count();
    scrolling += await page
      .locator(".prose-answer .scrolls")
      .evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth).length);
  });
  expect(cells).toBeGreaterThan(20);
  expect(scrolling).toBeGreaterThanOrEqual(4);
});

test("U14: each paragraph, list and cell runs as its own text does", async ({ page }) => {
  const seen: string[] = [];
  await onEach(page, "Directions", async () => {
    seen.push(
      ...(await page.locator("article .prose-answer :is(p, li, td, h4)").evaluateAll((blocks) =>
        blocks.flatMap((block) => {
          const text = block.textContent?.trim() ?? "";
          const first = /\p{L}/u.exec(text)?.[0] ?? "";
          const isOwn = block.tagName !== "LI"; // an item runs with its list; its text is laid out on its own
          const runsLeft = /[\u0590-\u08ff]/.test(first);
          return isOwn && first ? [`${runsLeft} ${getComputedStyle(block).direction}`] : [];
        }),
      )),
    );
  });
  expect([...new Set(seen)].sort()).toEqual(["false ltr", "true rtl"]);
  expect(seen.filter((one) => one === "true rtl").length).toBeGreaterThanOrEqual(7);
});

test("U15: a prompt is Markdown, and its turns before it are", async ({ page }) => {
  await enterAs(page, "Asks in Markdown");
  const conversation = [
    { role: "user", content: "**First** question" },
    { role: "assistant", content: "`first` answer" },
    { role: "user", content: `Now **this**: \\(x^2\\) and ${"long".repeat(600)}` },
  ];
  const queue = await importDataset(page, "markdown prompts", [{ prompt: conversation, answers: ["a", "b"] }]);
  await page.goto(`/annotate/${queue}`);
  await expect(prompt(page).locator("strong")).toHaveText("this");
  await expect(prompt(page).locator(".katex")).toHaveCount(1);
  await page.getByText("2 earlier turns").click();
  await expect(page.locator("strong", { hasText: "First" })).toBeVisible();
  await expect(page.locator("code", { hasText: "first" })).toBeVisible();
});
