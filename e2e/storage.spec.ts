// Storage: what takes room, and the clean-up behind its list.
import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import type { StorageReport } from "../lib/storage/storage-schema";
import { enterAs } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

test("what nothing needs is deleted once its list is confirmed, and not before", async ({ page }) => {
  await enterAs(page, "Cleans up");
  const { folder } = (await (await page.request.get("/api/storage")).json()) as StorageReport;
  const left = join(folder, "uploads", "left-over.jsonl");
  mkdirSync(join(folder, "uploads"), { recursive: true });
  writeFileSync(left, "x".repeat(1200));
  utimesSync(left, 0, 0); // of a server that was killed long ago
  await page.goto("/runs");
  await page.getByRole("link", { name: "Storage" }).first().click();
  await page.getByRole("button", { name: "Review and delete…" }).click();
  const dialog = page.getByRole("alertdialog", { name: /^Delete .+ for good\?$/ }); // checkpoints of other journeys may go with it
  await expect(dialog.getByRole("listitem").filter({ hasText: "left-over.jsonl" })).toContainText("1.2 kB");
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep all" }).click();
  await expect(dialog).toBeHidden();
  expect(existsSync(left)).toBe(true);
  await page.getByRole("button", { name: "Review and delete…" }).click();
  await dialog.getByRole("button", { name: /^Delete \d+ items?$/ }).click();
  await expect(page.getByText("Nothing to delete")).toBeVisible();
  expect(existsSync(left)).toBe(false);
});
