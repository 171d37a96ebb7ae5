import { type Browser, expect, type Page } from "@playwright/test";

/** First visit: choose a name. */
export async function enterAs(page: Page, name: string): Promise<void> {
  await page.goto("/annotate");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Start annotating" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Annotate" })).toBeVisible();
}

/** Somebody in a browser of their own. */
export async function annotator(browser: Browser, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await enterAs(page, name);
  return page;
}

/** A dataset to annotate of these rows, as an upload makes it. */
export async function importDataset(page: Page, name: string, rows: object[]): Promise<number> {
  const imported = await page.request.post(`/api/queues/import?name=${encodeURIComponent(name)}`, {
    data: `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`,
    headers: { "content-type": "application/x-ndjson" },
  });
  return ((await imported.json()) as { queueId: number }).queueId;
}

export const prompt = (page: Page) => page.getByRole("region", { name: "Prompt" });

/** A prompt on a screen that listens to keys: before it does, the server's picture shows the same, and a key would be lost. */
export async function listens(page: Page, text: string): Promise<void> {
  await expect(prompt(page)).toHaveText(`Prompt: ${text}`);
  await expect(prompt(page)).toBeFocused();
}

/** Waits for a record other than the one named before, and names it. */
export async function nextRecord(page: Page, before: string): Promise<string> {
  const heading = page.getByRole("heading", { level: 2, name: /^Record \d+$/ });
  await expect(heading).not.toHaveText(before);
  return (await heading.textContent())!;
}

/** The number of the record that the annotation screen shows, as its address has it. */
export async function openRecord(page: Page): Promise<number> {
  await expect(page).toHaveURL(/\?record=\d+$/);
  return Number(new URL(page.url()).searchParams.get("record"));
}
