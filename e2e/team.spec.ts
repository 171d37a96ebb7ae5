// The team's page: everybody who annotates here, in one table.
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { enterAs, importDataset, prompt } from "./pages/annotate";
import { looksRight } from "./pages/axe";
import { test } from "./pages/test";

test("the team's page lists who annotated how much, how fast and where, and renames them", async ({ page }) => {
  await enterAs(page, "Team first");
  const id = await importDataset(page, "Annotated by the team", [
    { prompt: "p", answers: ["a", "b"] },
    { prompt: "q", answers: ["c", "d"] },
  ]);
  for (const name of ["Team second", "Team first"]) {
    await page.context().clearCookies();
    await enterAs(page, name);
    await page.goto(`/annotate/${id}`);
    await expect(prompt(page)).toBeFocused();
    await page.keyboard.press("9"); // a tie: the same for both, whatever side is shown left
    await page.keyboard.press("9");
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  }
  await page.goto("/");
  await page.getByRole("link", { name: "Team", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Team" })).toBeVisible();
  await page.getByRole("searchbox", { name: "Search people" }).fill("team");
  const [first, second] = [/^Team first/, /^Team second/].map((name) => page.getByRole("row", { name }));
  await expect(first!).toContainText("you");
  for (const row of [first!, second!]) {
    await expect(row).toContainText("100 % (34 to 100) of 2"); // Wilson's interval of 2 of 2
    await expect(row.getByRole("link", { name: "Annotated by the team" })).toHaveAttribute("href", `/datasets/${id}`);
  }
  await second!.getByRole("button", { name: "Name: Team second. Change" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("TEAM FIRST");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/Another annotator is called Team first already/)).toBeVisible();
  await second!.getByRole("button", { name: "Name: Team second. Change" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Team other");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row", { name: /^Team other/ })).toContainText("Annotated by the team");
});

test("what is stored about somebody is exported, and they are erased once their name is typed; their annotations stay", async ({
  page,
}) => {
  await enterAs(page, "Erased Later");
  const id = await importDataset(page, "Annotated by Erased Later", [{ prompt: "p", answers: ["a", "b"] }]);
  await page.goto(`/annotate/${id}`);
  await expect(prompt(page)).toBeFocused();
  await page.keyboard.press("9");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.context().clearCookies();
  await enterAs(page, "Who erases");
  await page.goto("/team");
  const menu = page.getByRole("button", { name: "Actions for Erased Later" });
  await menu.click();
  const saved = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export personal data" }).click();
  const file = JSON.parse(readFileSync(await (await saved).path(), "utf8")) as { tables: { judgements: object[] } };
  expect(file.tables.judgements).toHaveLength(1);
  await menu.click();
  await page.getByRole("menuitem", { name: "Erase…" }).click();
  const erase = page.getByRole("button", { name: "Erase", exact: true });
  await expect(page.getByRole("row", { name: "names of datasets 1 0" })).toBeVisible();
  await page.getByLabel("Replace the name alone too").check();
  await page.getByLabel("Type Erased Later to confirm").fill("Erased");
  await expect(erase).toBeDisabled();
  await looksRight(page);
  await page.getByLabel("Type Erased Later to confirm").fill("Erased Later");
  await erase.click();
  await expect(page.getByRole("heading", { name: "Erased Later is erased" })).toBeVisible();
  await looksRight(page);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /^annotator-[0-9a-f]{4} / })).toContainText(
    /Annotated by annotator-[0-9a-f]{4}/,
  );
  await expect(page.getByText("Erased Later")).toHaveCount(0);
});
