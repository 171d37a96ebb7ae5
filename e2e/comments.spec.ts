// Comments on records: written by keyboard beside the votes, seen by others after their own, resolved by who reviews.
import { expect, type Page } from "@playwright/test";
import { annotator, enterAs, importDataset, listens, prompt } from "./pages/annotate";
import { findings, looksRight } from "./pages/axe";
import { test } from "./pages/test";

const rows = [0, 1, 2].map((i) => ({ prompt: `question ${i}`, answers: [`a ${i}`, `b ${i}`] }));
const panel = (page: Page) => page.getByRole("complementary", { name: "Details" });
const box = (page: Page) => page.getByRole("textbox", { name: "Comment" });

test("a comment is written by keyboard, names somebody, who reads it after their own vote; it is resolved, and found by that", {
  tag: "@long",
}, async ({ page, browser }) => {
  await enterAs(page, "Carla comments");
  const queue = await importDataset(page, "talked about", rows);
  const other = await annotator(browser, "Otto answers");
  await page.goto(`/annotate/${queue}`);
  await listens(page, "question 0");
  await page.keyboard.press("c");
  await expect(box(page)).toBeFocused();
  await page.keyboard.type("Is **a 0** about 1 or 2?");
  await page.keyboard.press("Escape"); // what is typed stays
  await expect(box(page)).toHaveCount(0);
  await page.keyboard.press("c");
  await expect(box(page)).toHaveValue("Is **a 0** about 1 or 2?");
  await expect(box(page)).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.type(" @ot");
  await expect(page.getByRole("option", { name: "Otto answers" })).toHaveAttribute("aria-selected", "true");
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(box(page)).toHaveValue("Is **a 0** about 1 or 2? @Otto answers ");
  await page.keyboard.press("Control+Enter");
  await expect(panel(page).locator("strong")).toHaveText("a 0");
  await expect(box(page)).toHaveValue("");
  await looksRight(page);
  await expect(prompt(page)).toHaveText("Prompt: question 0"); // no digit of it has voted
  await page.keyboard.press("Escape");

  await other.goto("/annotate");
  await other.getByRole("button", { name: "Mentions: 1 unread" }).click();
  const mentions = other.getByRole("dialog", { name: "Mentions" });
  await expect(mentions).toContainText("Its text is shown after your vote.");
  await expect(mentions).not.toContainText("a 0");
  await looksRight(other);
  await mentions.getByRole("link", { name: "Annotate it" }).click();
  await listens(other, "question 0");
  await other.keyboard.press("c");
  await expect(other.getByText("What others write here is shown after your vote.")).toBeVisible();
  await expect(panel(other).getByRole("listitem")).toHaveCount(0);
  await other.keyboard.press("Escape");
  await other.keyboard.press("1");
  await expect(other.getByText("Saved", { exact: true })).toBeVisible();
  await other.goto("/annotate");
  await other.getByRole("button", { name: "Mentions: 1 unread" }).click();
  await expect(mentions).toContainText(/Carla comments.*Is a 0 about 1 or 2\?/);
  await other.goto(`/annotate/${queue}?record=${await recordOf(page, queue)}`);
  await listens(other, "question 0");
  await other.keyboard.press("c");
  await expect(panel(other).getByRole("listitem")).toContainText("Carla comments");
  await expect(panel(other).getByRole("button", { name: "Edit" })).toHaveCount(0);
  await other.goto("/annotate");
  await expect(other.getByRole("button", { name: "Mentions: none unread" })).toBeVisible();

  await page.goto(`/datasets/${queue}/records?status=discussed`);
  await page.getByText("question 0").click();
  const comments = page.getByRole("region", { name: "Comments" });
  await comments.getByRole("button", { name: "Edit" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("About 1 or 2?");
  await page.keyboard.press("Control+Enter");
  await expect(comments.getByRole("listitem")).toContainText(/edited.*About 1 or 2\?/);
  await comments.getByRole("button", { name: "Resolve" }).click();
  await expect(comments.getByText("resolved by Carla comments")).toBeVisible();
  await expect(page.getByRole("row", { name: /question/ })).toHaveCount(0); // none is discussed any more
  await looksRight(page);
  await other.context().close();
});

/** The record with the first question. */
async function recordOf(page: Page, queue: number): Promise<number> {
  const { rows } = (await (await page.request.get(`/api/datasets/${queue}/records`)).json()) as {
    rows: { id: number }[];
  };
  return rows[0]!.id;
}
