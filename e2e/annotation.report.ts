// `npm run report`: what the annotation screen promises, measured in a real browser on this machine. Writes docs/annotation.json, from which
// `npm run figures` makes docs/annotation.md. Takes about 20 minutes; let nothing else run
// (`-- -g keys` is the part that measures times, a minute).
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { gzipSync } from "node:zlib";
import { expect, type Page, test } from "@playwright/test";
import type { AnnotationResult } from "../tools/bench/annotation-figures";
import { enterAs, importDataset, prompt } from "./pages/annotate";
import { torture } from "./pages/loss";

/** About 800 tokens of Markdown: paragraphs, a list, a table, code. */
const longAnswer = (seed: number) =>
  Array.from({ length: 10 }, (_, i) =>
    [
      `## Part ${i} of answer ${seed}`,
      "The *harbour* was **empty** in the morning, and nobody knew where the old fisherman had gone with his boat, his nets and the dog that never left him.",
      "- one `thing` to do\n- [another](https://example.invalid) thing\n- and a third",
      i % 5 === 0 ? "```python\ndef step(x):\n    return x * 2\n```" : "| a | b |\n| --- | --- |\n| 1 | 2 |",
    ].join("\n\n"),
  ).join("\n\n");

const quantile = (values: number[], q: number) => values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1]!;

/** Writes what was measured beside what the other part has measured. */
function keep(part: Partial<AnnotationResult>): void {
  const known = JSON.parse(readFileSync("docs/annotation.json", "utf8")) as AnnotationResult;
  writeFileSync("docs/annotation.json", `${JSON.stringify({ ...known, ...part }, null, 2)}\n`);
}

test("from a key to the next record, keys a vote, JavaScript and undo", async ({ page }) => {
  test.setTimeout(600_000);
  await enterAs(page, "Measured");
  keep({
    machine: cpus()[0]!.model.trim(),
    cores: cpus().length,
    ...(await speed(page)),
    javascript: await javascript(page),
    undone: await undo(page),
  });
});

test("votes of four people while the server is killed and the network goes", async ({ browser }) => {
  test.setTimeout(3_600_000);
  keep({ votes: await torture(browser, { annotators: 4, tabs: 2, votes: 1250, kills: 10, offlineMs: 300_000 }) });
});

/** 200 pairs of two long answers, one key each. */
async function speed(page: Page): Promise<Pick<AnnotationResult, "keystrokes" | "paint">> {
  const pairs = 200;
  const rows = Array.from({ length: pairs }, (_, i) => ({
    prompt: `Pair ${i}`,
    answers: [longAnswer(2 * i), longAnswer(2 * i + 1)],
  }));
  const queue = await importDataset(page, "speed", rows);
  await page.goto(`/annotate/${queue}`);
  await expect(prompt(page)).toBeFocused();
  await page.evaluate(() => {
    const seen = { keys: 0, times: [] as number[] };
    Object.assign(window, { seen });
    window.addEventListener(
      "keydown",
      (event) => {
        seen.keys++;
        const before = document.querySelector("h2")?.textContent;
        const observer = new MutationObserver(() => {
          if (document.querySelector("h2")?.textContent === before) return;
          observer.disconnect();
          // a task after the frame: the browser has painted by then
          requestAnimationFrame(() => setTimeout(() => seen.times.push(performance.now() - event.timeStamp)));
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      },
      { capture: true },
    );
  });
  for (let i = 0; i < pairs - 1; i++) {
    await page.keyboard.press(String((i % 8) + 1));
    await expect(prompt(page)).toHaveText(`Prompt: Pair ${i + 1}`);
    await page.waitForTimeout(150); // nobody reads faster
  }
  const { keys, times } = await page.evaluate(
    () => (window as unknown as { seen: { keys: number; times: number[] } }).seen,
  );
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const exported = await (await page.request.get(`/api/queues/${queue}/export`)).text();
  const stored = exported.trim().split("\n").length;
  return {
    keystrokes: keys / stored,
    paint: {
      pairs: times.length,
      median: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      longest: Math.max(...times),
    },
  };
}

/** Bytes of JavaScript that a first visit of the screen loads, gzipped. */
async function javascript(page: Page): Promise<number> {
  const visit = await page.context().newPage();
  const scripts: Promise<number>[] = [];
  visit.on("response", (response) => {
    if (response.url().endsWith(".js")) scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  await visit.goto("/annotate/1");
  await visit.waitForLoadState("networkidle");
  await visit.waitForTimeout(2000);
  await visit.close();
  return (await Promise.all(scripts)).reduce((a, b) => a + b, 0);
}

/** Votes, reloads, and takes back as many; says how many came back in their order. */
async function undo(page: Page): Promise<number> {
  const deep = 100;
  await page.goto("/annotate/1");
  await expect(prompt(page)).toBeFocused();
  const seen: string[] = [];
  for (let i = 0; i < deep; i++) {
    seen.push((await prompt(page).textContent())!);
    await page.keyboard.press("3");
    await expect(prompt(page)).not.toHaveText(seen.at(-1)!);
  }
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(prompt(page)).toBeFocused();
  for (const wanted of seen.toReversed()) {
    await page.keyboard.press("z");
    await expect(prompt(page)).toHaveText(wanted);
  }
  await expect(page.getByText(/^0 \/ /)).toBeVisible();
  return deep;
}
