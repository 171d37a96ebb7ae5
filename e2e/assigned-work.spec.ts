// Assigned work: a reviewer gives two people their shares of a dataset, who see what is left and the pace that it needs, and get no other records.
import { expect, type Page } from "@playwright/test";
import { annotator, enterAs, importDataset, listens } from "./pages/annotate";
import { looksRight } from "./pages/axe";
import { test } from "./pages/test";

const rows = [0, 1, 2, 3].map((i) => ({ prompt: `question ${i}`, answers: [`a ${i}`, `b ${i}`] }));
const note = (page: Page) => page.getByRole("note", { name: "Assigned to you" });
const rowOf = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });
/** Today in the time zone of the server, which is that of this test. */
const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};

test("records are given to two people, who see how many are left and until when, and get those alone; one is changed, then withdrawn", {
  tag: "@long",
}, async ({ page, browser }) => {
  await enterAs(page, "Rita reviews");
  const queue = await importDataset(page, "shared out", rows);
  const [first, second, third] = [
    await annotator(browser, "Fritz first"),
    await annotator(browser, "Siri second"),
    await annotator(browser, "Theo third"),
  ];

  await page.goto(`/datasets/${queue}/settings`);
  await page.getByLabel("Who is served").selectOption("true");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved ✓")).toBeVisible();

  await page.goto(`/datasets/${queue}/people`);
  await page.getByLabel("Person").selectOption({ label: "Fritz first" });
  await page.getByLabel("How much").fill("0");
  await page.getByRole("button", { name: "Give records" }).click();
  await expect(page.getByText("Enter a whole number of records")).toBeVisible();
  await page.getByLabel("How much").fill("50");
  await page.getByLabel("Unit").selectOption("percent");
  await page.getByLabel("Due (optional)").fill(today());
  await page.getByRole("button", { name: "Give records" }).click();
  await expect(rowOf(page, "Fritz first").getByRole("cell").nth(1)).toHaveText("2");
  await expect(rowOf(page, "Fritz first")).toContainText("due soon");
  await page.getByLabel("Person").selectOption({ label: "Siri second" });
  await page.getByLabel("How much").fill("2");
  await page.getByLabel("Due (optional)").fill("2020-02-03");
  await page.getByRole("button", { name: "Give records" }).click();
  await expect(rowOf(page, "Siri second")).toContainText("February 3late");
  await looksRight(page);

  await first.goto("/annotate");
  await expect(note(first)).toContainText("Due soon: 2 of your 2 records left");
  await looksRight(first);
  await first.goto(`/annotate/${queue}`);
  await listens(first, "question 0");
  await expect(note(first)).toContainText("an hour");
  await looksRight(first);
  await first.keyboard.press("1");
  await expect(note(first)).toContainText("1 of your 2 records left");
  await listens(first, "question 1");
  await first.keyboard.press("2");
  await expect(first.getByRole("heading", { name: "All done" })).toBeVisible();
  await expect(note(first)).toHaveText("All 2 records that you were given are done.");

  await second.goto(`/annotate/${queue}`);
  await listens(second, "question 2");
  await expect(note(second)).toHaveText("Late: 2 of your 2 records left; they were due on February 3.");
  await second.goto(`/annotate/${queue}/list`);
  await expect(second.getByText("question 3")).toBeVisible();
  await expect(second.getByText("question 0")).toHaveCount(0);
  await third.goto(`/annotate/${queue}`);
  await expect(third.getByText("Nothing is assigned to you here")).toBeVisible();
  await looksRight(third);

  await page.reload();
  await expect(page.getByRole("region", { name: "Annotating now" }).getByRole("listitem")).toHaveText([
    /^Siri second/, // asked for records last; Theo third was given none, and looks on
    /^Fritz first/,
  ]);
  await expect(rowOf(page, "Fritz first").first()).toContainText("done");
  await page.getByRole("button", { name: "Change what Siri second has" }).click();
  await page.getByRole("form", { name: "What Siri second has" }).getByLabel("How much").fill("1");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(rowOf(page, "Siri second").getByRole("cell").nth(1)).toHaveText("1");
  await page.getByRole("button", { name: "Withdraw what Siri second has" }).click();
  await expect(page.getByRole("button", { name: "Withdraw what Siri second has" })).toHaveCount(0);
  await second.goto(`/annotate/${queue}`);
  await expect(second.getByText("Nothing is assigned to you here")).toBeVisible();
});
