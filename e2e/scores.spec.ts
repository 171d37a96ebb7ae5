// Scores of a dataset's records by a program over HTTP.
import { expect } from "@playwright/test";
import { rewardServer } from "../test/reward-server";
import { enterAs, importDataset } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

test("a reward server scores a dataset's records; what it has no reward for is named, and later asked for again", async ({
  page,
}) => {
  await enterAs(page, "Has it scored");
  const rows = ["one", "two", "unknown"].map((word) => ({ prompt: word, answers: [`good ${word}`, `bad ${word}`] }));
  const id = await importDataset(page, "To be scored", rows);
  const server = await rewardServer();
  await page.goto(`/datasets/${id}/settings`);
  const model = page.getByLabel("Reward model");
  await expect(model).toBeEnabled();
  await model.selectOption({ label: "Over HTTP" });
  await page.getByRole("button", { name: "Score records" }).click();
  await expect(page.getByText("Enter an http:// or https:// address without a password.")).toBeVisible();
  await page.getByLabel("Address").fill(`${server.origin}/gaps`);
  await page.getByLabel("Chat template of").fill("tiny");
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Score records" }).click();
  await expect(
    page.getByText(/^2 of 3 pairs; without a score: record \d+ \(.*\/gaps has no reward for it\)$/),
  ).toBeVisible();
  await page.reload();
  await expect(page.getByText("2 records scored", { exact: true })).toBeVisible();

  await page.getByLabel("Reward model").selectOption({ label: "Over HTTP" });
  await page.getByLabel("Address").fill(`${server.origin}/missing`);
  await page.getByLabel("Chat template of").fill("tiny");
  await page.getByRole("button", { name: "Score records" }).click();
  await expect(page.getByText(/records \d+, \d+, \d+: the reward server at .*\/missing refused/)).toBeVisible();
  await page.reload();
  await expect(page.getByText("2 records scored", { exact: true })).toBeVisible();
  await server.end();
});
