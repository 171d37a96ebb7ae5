// Votes that wait in the browser: only a refusal of the vote itself takes one away, and then it is still there to be read.
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset, listens, prompt } from "./pages/annotate";
import { test } from "./pages/test";

const shows = (page: Page, text: string) => expect(prompt(page)).toHaveText(`Prompt: ${text}`);
const saved = (page: Page) => expect(page.getByText("Saved", { exact: true })).toBeVisible({ timeout: 40_000 });

async function open(page: Page, name: string, count = 3): Promise<number> {
  await enterAs(page, name);
  const rows = Array.from({ length: count }, (_, i) => ({ prompt: `${name} ${i}`, answers: [`a ${i}`, `b ${i}`] }));
  const queue = await importDataset(page, `outbox of ${name}`, rows);
  await page.goto(`/annotate/${queue}`);
  await listens(page, `${name} 0`);
  return queue;
}

async function votes(page: Page, queue: number): Promise<{ who: string; rationale: string | null }[]> {
  const text = (await (await page.request.get(`/api/queues/${queue}/export?rows=events`)).text()).trim();
  return text === ""
    ? []
    : text.split("\n").map((line) => JSON.parse(line) as { who: string; rationale: string | null });
}

const html = "<!doctype html><title>Gateway</title><p>Try again.</p>";
const troubles = [
  { status: 400, json: { error: "The request is not complete.", problems: [] } },
  { status: 401, json: { error: "Choose a name first." } },
  { status: 403, json: { error: "Not now." } },
  { status: 404, contentType: "text/html", body: html },
  { status: 409, json: { error: "Busy." } },
  { status: 413, json: { error: "Too long." } },
  { status: 429, json: { error: "Slower, please." } },
  { status: 500, json: { error: "Something went wrong on the server; its log says what." } },
  { status: 503, contentType: "text/html", body: html },
  { status: 200, contentType: "text/html", body: html },
];

test("V1: whatever a broken server answers, the votes stay in the browser, the person is told, and they arrive when it is well again", async ({
  page,
}) => {
  const queue = await open(page, "Storm", troubles.length + 1);
  const at = "**/api/judgements";
  let answer = troubles[0]!;
  await page.route(at, (route) => route.fulfill(answer));
  for (const [i, trouble] of troubles.entries()) {
    answer = trouble;
    await page.keyboard.press("r");
    await page.keyboard.type(`reason ${i}`);
    await page.keyboard.press("Escape");
    const refused = page.waitForResponse(at);
    await page.keyboard.press("1");
    await refused;
    await shows(page, `Storm ${i + 1}`);
    await expect(page.getByText(`${i + 1} to send`)).toBeVisible();
    if (i === 0) await expect(page.getByText(/Your votes are kept in this browser/).first()).toBeVisible();
  }
  await page.reload(); // they are still there, and their pairs do not come again
  await expect(page.getByText(`${troubles.length} to send`)).toBeVisible();
  await shows(page, `Storm ${troubles.length}`);
  await page.unroute(at);
  await saved(page);
  const told = await votes(page, queue);
  expect(told.map(({ rationale }) => rationale)).toEqual(troubles.map((_, i) => `reason ${i}`));
});

test("V1: a vote that is refused is shown with all that was typed, can be copied, and is saved anyway if wanted", async ({
  page,
  context,
}) => {
  const queue = await open(page, "Twice");
  const other = await context.newPage(); // a second tab with the same pair
  await other.goto(`/annotate/${queue}`);
  await listens(other, "Twice 0");
  await page.keyboard.press("1");
  await saved(page);
  await other.keyboard.press("r");
  await other.keyboard.type("What I thought");
  await other.keyboard.press("Escape");
  await other.keyboard.press("8");
  await other.getByRole("button", { name: "1 not saved" }).click();
  const list = other.getByRole("dialog", { name: "Not saved" });
  await expect(list).toContainText("What I thought");
  await expect(list).toContainText("Twice 0");
  await expect(list).toContainText("annotated this record already");
  await other.reload();
  await other.getByRole("button", { name: "1 not saved" }).click();
  await expect(list).toContainText("What I thought");
  await list.getByRole("button", { name: "Save anyway" }).click();
  await expect(other.getByRole("button", { name: "1 not saved" })).toHaveCount(0);
  await expect.poll(async () => (await votes(page, queue)).at(-1)).toMatchObject({ rationale: "What I thought" });
});

test("V1: votes that wait are sent only as the person who gave them", async ({ page, context }) => {
  const queue = await open(page, "Gave them");
  await context.setOffline(true);
  await page.keyboard.press("1");
  await shows(page, "Gave them 1");
  await context.route("**/api/judgements", (route) => route.abort());
  await context.setOffline(false);
  await page.request.post("/api/me", { data: { name: "Came later" } });
  const other = await context.newPage();
  await other.goto(`/annotate/${queue}`);
  await listens(other, "Gave them 0");
  await context.unroute("**/api/judgements");
  await other.keyboard.press("8");
  await saved(other);
  await page.waitForTimeout(5000); // the first tab tries too, with the other's cookie
  expect((await votes(page, queue)).map(({ who }) => who)).toEqual(["Came later"]);
  await expect(page.getByText("1 to send")).toBeVisible();
  await page.request.post("/api/me", { data: { name: "Gave them" } });
  await page.goto(`/annotate/${queue}`);
  await expect.poll(async () => (await votes(page, queue)).map(({ who }) => who)).toEqual(["Came later", "Gave them"]);
});

test("F12: an undo whose answer was lost on the way is the same undo when it is pressed again", async ({ page }) => {
  const queue = await open(page, "Lost answer");
  await page.keyboard.press("1");
  await shows(page, "Lost answer 1");
  await page.keyboard.press("2");
  await shows(page, "Lost answer 2");
  await saved(page);
  await page.route("**/api/judgements/undo", async (route) => {
    await route.fetch(); // it arrives
    await route.abort(); // its answer does not
  });
  const lost = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/undo"));
  await page.keyboard.press("z");
  await lost;
  await expect(page.getByText("Failed to fetch")).toBeVisible(); // the page has seen it too
  await page.unroute("**/api/judgements/undo");
  await page.keyboard.press("z");
  await shows(page, "Lost answer 1");
  await page.goto(`/annotate/${queue}`); // not a reload: the address names the record of before for another moment
  await shows(page, "Lost answer 1"); // one vote was taken back, not two
  expect((await votes(page, queue)).length).toBe(3);
});
