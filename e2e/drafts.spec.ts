// Nothing that an annotator typed is lost: not by a reload, a look back, an undo or the next record, and not when a vote is changed.
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset, listens, prompt } from "./pages/annotate";
import { test } from "./pages/test";

const pairs = (name: string) =>
  ["one", "two", "three"].map((which) => ({ prompt: `${name} ${which}`, answers: [`a ${which}`, `b ${which}`] }));

async function open(page: Page, name: string): Promise<number> {
  await enterAs(page, name);
  const queue = await importDataset(page, `drafts of ${name}`, pairs(name));
  await page.goto(`/annotate/${queue}`);
  await listens(page, `${name} one`);
  return queue;
}

const shows = (page: Page, text: string) => expect(prompt(page)).toHaveText(`Prompt: ${text}`);

/** Types into the field that a key opens, and goes back to the keys. */
async function write(page: Page, key: "r" | "e", text: string): Promise<void> {
  await page.keyboard.press(key);
  await page.keyboard.type(text);
  await page.keyboard.press("Escape");
}

async function reads(page: Page, key: "r" | "e", text: string): Promise<void> {
  await page.keyboard.press(key);
  await expect(page.getByRole("textbox")).toHaveValue(text);
  await page.keyboard.press("Escape");
}

async function events(page: Page, queue: number) {
  const text = await (await page.request.get(`/api/queues/${queue}/export?rows=events`)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { what: string; verdict: string; strength: number; rationale: string | null });
}

test("U9: a reason and a rewrite survive a reload, and are shown", async ({ page }) => {
  await open(page, "Reloads");
  await write(page, "r", "Because it is kinder");
  await write(page, "e", "A kinder answer");
  await page.reload();
  await expect(page.getByText("Because it is kinder")).toBeVisible();
  await expect(page.getByText("A kinder answer")).toBeVisible();
  await reads(page, "r", "Because it is kinder");
  await reads(page, "e", "A kinder answer");
  await page.keyboard.press("2");
  await shows(page, "Reloads two");
  await expect(page.getByText("Because it is kinder")).toHaveCount(0); // it went with its vote
});

test("U9: a reason survives a look back, an undo and the next record", async ({ page }) => {
  await open(page, "Wanders");
  await page.keyboard.press("1");
  await shows(page, "Wanders two");
  await write(page, "r", "Half a thought");
  await page.keyboard.press("[");
  await shows(page, "Wanders one");
  await expect(page.getByText("Half a thought")).toHaveCount(0);
  await page.keyboard.press("]");
  await shows(page, "Wanders two");
  await expect(page.getByText("Half a thought")).toBeVisible();
  await page.keyboard.press("z");
  await shows(page, "Wanders one");
  await page.keyboard.press("8");
  await shows(page, "Wanders two");
  await reads(page, "r", "Half a thought");
});

test("U9: after an undo the reason is back, also after a reload", async ({ page }) => {
  const queue = await open(page, "Undoes");
  await write(page, "r", "First words");
  await page.keyboard.press("3");
  await shows(page, "Undoes two");
  await page.keyboard.press("z");
  await shows(page, "Undoes one");
  await page.reload();
  await listens(page, "Undoes one");
  await reads(page, "r", "First words");
  await page.keyboard.press("6");
  await shows(page, "Undoes two");
  await expect
    .poll(async () => (await events(page, queue)).at(-1))
    .toMatchObject({ what: "vote", rationale: "First words" });
});

test("U9: what one person typed is not shown to the next at the same browser, and is there when they come back", async ({
  page,
}) => {
  const queue = await open(page, "Private");
  await write(page, "r", "For my eyes only");
  await page.request.post("/api/me", { data: { name: "Somebody else" } });
  await page.goto(`/annotate/${queue}`);
  await listens(page, "Private one");
  await expect(page.getByText("For my eyes only")).toHaveCount(0);
  await page.request.post("/api/me", { data: { name: "Private" } });
  await page.goto(`/annotate/${queue}`);
  await expect(page.getByText("For my eyes only")).toBeVisible();
});

test("U2: a vote that is changed in the history keeps its reason, shows it, and the export has it", async ({
  page,
}) => {
  const queue = await open(page, "Changes");
  await write(page, "r", "The first is shorter");
  await write(page, "e", "Shorter still");
  await page.keyboard.press("1");
  await shows(page, "Changes two");
  await page.keyboard.press("[");
  await shows(page, "Changes one");
  await expect(page.getByText("The first is shorter")).toBeVisible();
  await expect(page.getByText("Shorter still")).toBeVisible();
  await page.keyboard.press("7");
  await expect(page.getByRole("region", { name: "Your vote" })).toContainText("B clearly better");
  await expect(page.getByText("The first is shorter")).toBeVisible(); // still there after the change
  await expect
    .poll(async () => (await events(page, queue)).at(-1))
    .toMatchObject({ what: "vote", strength: 3, rationale: "The first is shorter", rewrite: "Shorter still" });
  const [row] = (await (await page.request.get(`/api/queues/${queue}/export`)).text()).trim().split("\n");
  expect(JSON.parse(row!)).toMatchObject({ rationales: ["The first is shorter"] });
  // What is said anew there takes its place, and an emptied field is empty.
  await page.keyboard.press("r");
  await page.getByRole("textbox").fill("");
  await page.keyboard.press("Escape");
  await page.keyboard.press("7");
  await expect.poll(async () => (await events(page, queue)).at(-1)).toMatchObject({ rationale: null });
});

test("U2: a record that a reviewer returns comes with what was written, and keeps it", async ({ page }) => {
  const queue = await open(page, "Again");
  await write(page, "r", "It cites a source");
  await page.keyboard.press("1");
  await shows(page, "Again two");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const [told] = (await (await page.request.get(`/api/queues/${queue}/history`)).json()) as { task: { id: number } }[];
  await page.request.post(`/api/queues/${queue}/returns`, { data: { itemId: told!.task.id, note: "Look again." } });
  await page.reload();
  await listens(page, "Again one");
  await expect(page.getByText("It cites a source")).toBeVisible();
  await page.keyboard.press("4");
  await shows(page, "Again two");
  await expect
    .poll(async () => (await events(page, queue)).at(-1))
    .toMatchObject({ what: "vote", strength: 1, rationale: "It cites a source" });
});

test("U10: what was voted, and what was undone, stands confirmed for a moment", async ({ page }) => {
  await open(page, "Sees");
  const widthOf = async (text: string) => (await page.getByText(text, { exact: true }).boundingBox())?.width ?? 0;
  await page.keyboard.press("1");
  await expect.poll(() => widthOf("A much better")).toBeGreaterThan(20);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.keyboard.press("z");
  await expect.poll(() => widthOf("Undone: A much better")).toBeGreaterThan(20);
});
