// A researcher's hour, with a real trainer: launch from the form, watch, stop, resume, read sample completions, download the adapter.
import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { enterAs, prompt } from "./pages/annotate";
import { findings } from "./pages/axe";
import { pressUntil } from "./pages/charts";
import { fillForm, formField, openAdvanced, startRun } from "./pages/launch-form";
import { mostShift, shiftOf, watchShifts } from "./pages/layout-shift";
import { finishedRun, launchRun, openTab, runStatus } from "./pages/runs";
import { test } from "./pages/test";

const axe = async (page: Page) => expect(await findings(page)).toEqual([]);

async function stepNow(page: Page): Promise<number> {
  const words = await page.getByText(/^Step \d+ of/).textContent();
  return Number(/Step (\d+)/.exec(words ?? "")?.[1]);
}

test("launch, live curves, stop and save, resume to the end, download", async ({ page }) => {
  await page.goto("/runs/new");
  await openAdvanced(page);
  await fillForm(page, {
    name: "Journey",
    maxSteps: "150",
    batchSize: "4",
    evalEvery: "75",
    sampleEvery: "75",
    samplePrompts: "4",
    saveEvery: "",
  });
  await startRun(page);
  await expect(page.getByRole("heading", { name: "Journey" })).toBeVisible({ timeout: 60_000 }); // the data is checked first
  await expect(page.getByRole("figure", { name: /^Loss/ })).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => stepNow(page), { timeout: 60_000 }).toBeGreaterThan(5); // moves without a reload
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByText("Stopped", { exact: true })).toBeVisible({ timeout: 60_000 });
  const stopped = await stepNow(page);
  expect(stopped).toBeLessThan(150);
  await openTab(page, "Logs");
  await expect(page.getByText(`saved step ${stopped}`)).toBeVisible();

  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
  expect(await stepNow(page)).toBe(150);
  await expect(page.getByText(`resumed from step ${stopped}`)).toBeVisible();
  await openTab(page, "Samples");
  await expect(page.getByText("Base (step 0)", { exact: false }).first()).toBeVisible();
  await openTab(page, "Charts");
  await expect(page.getByRole("figure", { name: /^KL to reference/ })).toBeVisible();
  await openTab(page, "Files");
  await expect(page.getByRole("row", { name: /^150 .*last/ })).toBeVisible();
  await openTab(page, "Overview");
  await expect(page.getByText(/best checkpoint \d+ by oracle reward\.$/)).toBeVisible(); // U47

  // One line: each step once, whatever happened between.
  const pathname = new URL(page.url()).pathname;
  const points = (await (await page.request.get(`/api${pathname}/points`)).json()) as {
    step: number;
    values: { loss?: number };
  }[];
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 151 }, (_, step) => step));
  // The form's β is 1, so the loss is off by half of what policy and reference differ: sums near −30, which are 2e-6 apart in float32.
  expect(points[1]!.values.loss).toBeCloseTo(Math.log(2), 4);

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await page.getByLabel("Checkpoint").selectOption("150"); // U47
  await page.getByRole("link", { name: "Adapter (PEFT)" }).click();
  const tar = readFileSync(await (await download).path());
  expect(tar.includes("adapter_model.safetensors")).toBe(true);
  expect(tar.includes('"peft_type": "LORA"')).toBe(true);
});

test("PPO from its preset: samples, scores, learns, says that its rollouts are on-policy, and is compared with another run", {
  tag: "@long",
}, async ({ page }) => {
  await finishedRun(page.request, "Compared with", { data: { heldOut: 0.1, maxLength: 128 } });
  await page.goto("/runs/new");
  await page.getByText("PPO (synthetic reward)").click();
  await formField(page, "name").fill("PPO journey");
  await formField(page, "rollouts").fill("8");
  await formField(page, "maxSteps").fill("8");
  await expect(page.getByText("2 updates of 8 sampled answers, 4 optimizer steps each")).toBeVisible();
  await startRun(page);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("figure", { name: /^Rollout reward/ })).toBeVisible();
  await expect(page.getByRole("figure", { name: /^Win rate against the reference/ })).toBeVisible();
  await openTab(page, "Data");
  await expect(page.getByText("Rollouts are on-policy")).toBeVisible();
  await openTab(page, "Samples");
  await page.getByLabel("Compare with").selectOption({ label: "Compared with" });
  await expect(page.getByText(/Compared with \(step \d+\) · \d+ tokens · KL/).first()).toBeVisible();
});

test("people as judges: a run waits for its pairs, and learns from what is chosen", { tag: "@long" }, async ({
  page,
}) => {
  await enterAs(page, "Judge");
  await page.goto("/runs/new");
  await page.getByText("Online DPO (synthetic reward)").click();
  await formField(page, "name").fill("Judged by people");
  await page.getByRole("radio", { name: "People" }).check();
  await formField(page, "askPeople").selectOption("a new dataset for this run");
  await formField(page, "rounds").fill("1");
  await formField(page, "promptsPerRound").fill("4");
  await formField(page, "batchSize").fill("4");
  await startRun(page);
  const waiting = page.getByText(/round 1 waits for people: 0 of \d pairs/).first();
  await expect(waiting).toBeVisible({ timeout: 90_000 });
  const pairs = Number(/of (\d)/.exec((await waiting.textContent()) ?? "")![1]);
  const run = page.url();
  await page.getByRole("link", { name: "Annotate them" }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: /Run \w+: answers/ })
    .getByRole("link")
    .click();
  const question = prompt(page);
  for (let left = pairs; left > 0; left--) {
    const before = (await question.textContent()) ?? "";
    // A vote that was refused for a moment, by a database that is locked, is sent again on this page alone.
    const saved = page.waitForResponse((response) => response.url().endsWith("/api/judgements") && response.ok());
    await page.keyboard.press("1");
    await saved;
    if (left === 1) await expect(question).toHaveCount(0);
    else await expect(question).not.toHaveText(before);
  }
  await page.goto(run);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 90_000 });
});

test("another method brings its own fields, keeps what is filled in, and runs", async ({ page }) => {
  await page.goto("/runs/new");
  await formField(page, "name").fill("Scores");
  await formField(page, "maxSteps").fill("6");
  await openAdvanced(page);
  await formField(page, "evalEvery").fill("6");
  await formField(page, "method").selectOption("KTO");
  await expect(formField(page, "desirableWeight")).toHaveValue("1");
  await formField(page, "method").selectOption("Reward model");
  await expect(page.getByLabel("β", { exact: true })).toHaveCount(0);
  await expect(formField(page, "maxSteps")).toHaveValue("6");
  await formField(page, "centring").fill("0.01");
  await startRun(page);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText(/Reward model on/)).toBeVisible();
  await openTab(page, "Charts");
  await expect(page.getByRole("figure", { name: /^Scores/ })).toBeVisible();
  await openTab(page, "Data");
  await expect(page.getByText("Adapter starts equal to its base")).toBeVisible();
  await expect(page.getByText("All values finite")).toBeVisible();
});

test("U44, U46, U60: while a run trains nothing on its page moves: each chart has its place before its first value", {
  tag: "@long",
}, async ({ page }) => {
  await watchShifts(page);
  const config = { maxSteps: 12, sampleEvery: 6, evalEvery: 6, logEvery: 1 };
  const id = await launchRun(page.request, "Stands still", config);
  for (const tab of ["", "/charts"]) {
    await page.goto(`/runs/${id}${tab}`);
    if (tab === "") await expect(page.getByText("No data yet").first()).toBeVisible();
    await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
    await page.waitForTimeout(500); // what comes after the last event
    expect(await shiftOf(page)).toBeLessThanOrEqual(mostShift);
  }
  const heights = await page
    .getByRole("figure")
    .evaluateAll((figures) => [...new Set(figures.map((figure) => figure.getBoundingClientRect().height))]);
  expect(heights).toHaveLength(1);
});

test("U45: a run's charts are smoothed, drawn on a log axis, searched, pinned, resized, folded and opened over the whole screen", async ({
  page,
}) => {
  await page.goto(
    `/runs/${await finishedRun(page.request, "Compared with", { data: { heldOut: 0.1, maxLength: 128 } })}/charts`,
  );
  const loss = page.getByRole("figure", { name: /^Loss/ });
  const drag = async () => {
    await loss.locator(".u-over").scrollIntoViewIfNeeded();
    const { x, y, width } = (await loss.locator(".u-over").boundingBox())!;
    await page.mouse.move(x + width * 0.25, y + 40);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.75, y + 60, { steps: 4 });
    await page.mouse.up();
    await expect(page.getByText(/^Steps \d+ to \d+/)).toBeVisible();
  };
  await drag();
  await page.getByRole("button", { name: "Reset zoom" }).click();
  await expect(page.getByText(/^Steps \d+ to \d+/)).toHaveCount(0);
  await drag();
  await loss.locator(".u-over").dblclick();
  await expect(page.getByText(/^Steps \d+ to \d+/)).toHaveCount(0);
  await page.getByLabel("X axis").selectOption("tokens trained on");
  const overTokens = loss.getByRole("region", { name: /^Loss over tokens trained on;/ });
  await expect(overTokens).toBeVisible();
  const { latest } = (await (
    await page.request.get(page.url().replace("/runs/", "/api/runs/").replace("/charts", ""))
  ).json()) as {
    latest: { num_tokens: number };
  };
  const last = loss.getByText(`tokens trained on ${latest.num_tokens.toLocaleString("en")}`, { exact: true });
  await pressUntil(overTokens, "ArrowRight", last); // to the last step, which stands over what the run has trained on
  await page.getByLabel("Smoothing").fill("0.9");
  await page.getByLabel("Log Y").check();
  await page.getByLabel("Ignore outliers").check();
  await page.getByRole("button", { name: "Pin Gradient norm" }).click();
  await expect(page.getByRole("region", { name: "Pinned: charts" }).getByRole("figure")).toHaveAccessibleName(
    /^Gradient norm/,
  );
  const pinned = page.getByRole("region", { name: "Pinned: charts" });
  const before = (await pinned.getByRole("figure").boundingBox())!;
  const resize = pinned.getByRole("button", { name: "Resize Gradient norm with the arrow keys" });
  await resize.press("ArrowRight");
  await resize.press("ArrowDown");
  const expected = { width: 2 * before.width + 16, height: before.height + 40 }; // 16 px between two cards
  const grip = (await resize.boundingBox())!;
  await page.mouse.move(grip.x + 10, grip.y + 10);
  await page.mouse.down();
  await page.mouse.move(grip.x + 10, grip.y + 60, { steps: 3 });
  await page.mouse.up();
  await page.mouse.move(0, 0);
  const section = page.getByRole("heading", { name: /Loss/ }).getByRole("button");
  await section.click();
  await expect(loss).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel("Smoothing")).toHaveValue("0.9");
  await expect(page.getByLabel("X axis")).toHaveValue("tokens");
  await expect(page.getByLabel("Ignore outliers")).toBeChecked();
  await expect(pinned).toBeVisible();
  const after = (await pinned.getByRole("figure").boundingBox())!;
  expect(after.width).toBeCloseTo(expected.width, 0);
  expect(after.height).toBeCloseTo(expected.height + 50, 0);
  await expect(loss).toHaveCount(0);
  await section.click();
  await page.getByLabel("Find a metric").fill("loss");
  await expect(page.getByRole("figure")).toHaveCount(1);
  await page.getByRole("button", { name: "Loss on the whole screen" }).click();
  await expect(page.getByRole("dialog", { name: "Loss" }).getByRole("figure")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(loss).toBeVisible();
});

test("U47: the best and the last checkpoint are marked, and a download of one of them is that step's", {
  tag: "@long",
}, async ({ page }) => {
  await enterAs(page, "Saves twice");
  const id = await finishedRun(page.request, "Saves twice", {
    maxSteps: 4,
    saveEvery: 2,
    evalEvery: 2,
    sampleEvery: 2,
  });
  await page.goto(`/runs/${id}/files`);
  const checkpoints = page.getByRole("main").getByRole("row");
  await expect(checkpoints.filter({ hasText: "last" })).toContainText("4");
  await expect(checkpoints.filter({ hasText: "best" })).toHaveCount(1);
  await page.getByRole("button", { name: "Download" }).click();
  const choice = page.getByRole("combobox", { name: "Checkpoint" });
  await expect(choice.getByRole("option")).toHaveText([/^last \(step 4\)$/, /^step 4/, /^step 2/]);
  await expect(choice.getByRole("option", { name: /best by/ })).toHaveCount(1);
  await choice.selectOption("2");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Adapter (PEFT)" }).click(),
  ]);
  expect(file.suggestedFilename()).toContain("step-2");

  await page.getByRole("button", { name: "Push to the Hub…" }).click();
  const hub = page.getByRole("dialog", { name: "Push to the Hugging Face Hub" });
  await hub.getByRole("textbox", { name: "Repository" }).fill("somebody/saves-twice");
  await axe(page);
  await hub.getByRole("button", { name: "Push", exact: true }).click();
  await expect(hub).toContainText("HF_TOKEN holds no token"); // as nobody gave the server one
  await hub.getByRole("button", { name: "Close" }).click();

  await page.getByRole("button", { name: "Measure" }).click();
  const forms = page.getByRole("region", { name: "After quantisation: table" });
  await expect(forms.getByRole("row", { name: /^Q4_K_M / })).toBeVisible({ timeout: 120_000 });
  await axe(page);
  await page.reload();
  await expect(forms.getByRole("row")).toHaveCount(8); // a head, the unrounded model and six types
});

test("U4, U39: runs are found, renamed, tagged, put away and deleted in their table, and a deletion is undone", async ({
  page,
}) => {
  test.setTimeout(400_000); // a run, where there is none yet
  const id = await finishedRun(page.request, "Compared with", { data: { heldOut: 0.1, maxLength: 128 } });
  await page.goto("/runs");
  await page.getByLabel("Search runs").fill("compared dpo film");
  const row = page.getByRole("row", { name: /Compared with/ });
  await expect(row).toHaveCount(1);
  await row.getByRole("button", { name: /^Run name/ }).click();
  await page.getByRole("textbox", { name: "Run name" }).fill("Compared with others");
  await page.keyboard.press("Enter");
  await expect(row.getByRole("link", { name: "Compared with others" })).toBeVisible();
  await row.getByRole("checkbox").check();
  await page.getByLabel("Tag for the selected runs").fill("keep");
  await page.keyboard.press("Enter");
  await expect(row).toContainText("keep");
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await expect(page.getByText("No run is like that")).toBeVisible();
  await page.getByLabel("Status", { exact: true }).selectOption({ label: "Archived (1)" });
  await expect(page).toHaveURL(/q=compared\+dpo\+film&status=archived/);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of this view").fill("Put away");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.goto("/runs");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Put away", exact: true }).click();
  await expect(page.getByLabel("Search runs")).toHaveValue("compared dpo film");
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Unarchive" }).click();
  await page.goto("/runs");
  await page.getByRole("button", { name: "Name", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");

  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Delete…" }).click();
  const asked = page.getByRole("alertdialog");
  await expect(asked).toContainText(/curves, samples, log, checkpoints and adapter go: [\d.,]+ [kM]B/);
  await asked.getByRole("button", { name: "Delete" }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toHaveCount(1);
  await page.request.patch(`/api/runs/${id}`, { data: { name: "Compared with" } }); // for other journeys
});

test("U38: a run is given a start time in the form, waits for it in the queue, and is moved there and on its own page", {
  tag: "@long",
}, async ({ page }) => {
  const tomorrow = Date.now() + 86_400_000;
  await enterAs(page, "Starts runs");
  const other = await launchRun(page.request, "Queued first", {}, { notBefore: tomorrow });
  await page.goto("/runs/new");
  await formField(page, "name").fill("Queued second");
  await page.getByText("Start time", { exact: true }).click();
  const time = page.getByLabel("Start no earlier than");
  await time.fill("2040-01-31T18:00");
  await page.reload(); // it is part of the draft
  await expect(time).toHaveValue("2040-01-31T18:00");
  await page.getByRole("button", { name: "Queue the run" }).click();
  await expect(page.getByText(/^Starts no earlier than 31 Jan 2040, 18:00$/)).toBeVisible({ timeout: 60_000 });
  const id = new URL(page.url()).pathname.split("/").at(-1)!;
  await expect(page.getByText("started by Starts runs")).toBeVisible();
  await axe(page);

  await page.goto("/runs");
  const queue = page.getByRole("region", { name: "Queue" });
  const names = () => queue.getByRole("link").allTextContents();
  const order = async () => (await names()).filter((name) => name.startsWith("Queued "));
  await expect.poll(order).toEqual(["Queued first", "Queued second"]);
  await queue.getByRole("button", { name: "Move Queued second to the front" }).click();
  await expect.poll(order).toEqual(["Queued second", "Queued first"]);
  const row = (name: string) => queue.getByRole("listitem").filter({ hasText: name });
  await row("Queued first").getByTitle("Drag Queued first to another place").dragTo(row("Queued second"));
  await expect.poll(order).toEqual(["Queued first", "Queued second"]);
  const priority = queue.getByRole("combobox", { name: "Priority of Queued second" });
  await priority.selectOption("High");
  await expect.poll(order).toEqual(["Queued second", "Queued first"]);
  await priority.selectOption("Normal");
  await expect.poll(order).toEqual(["Queued first", "Queued second"]);
  await queue.getByRole("button", { name: "Move Queued second up" }).click();
  await expect.poll(order).toEqual(["Queued second", "Queued first"]);
  await axe(page);
  await queue.getByRole("link", { name: "Queued second" }).click();
  await expect(page.getByText("Number 1 in the queue", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Move Queued second down" }).click();
  await expect(page.getByText(/^Number [2-9]\d* in the queue$/)).toBeVisible();

  await page.goto("/runs");
  for (const name of ["Queued first", "Queued second"])
    await queue.getByRole("button", { name: `Cancel ${name}` }).click();
  for (const run of [other, id]) await expect.poll(() => runStatus(page.request, run)).toBe("stopped");
});

test("what PPO makes of its completions is seen token by token: colours, numbers of a token, arrow keys, earlier updates", async ({
  page,
}) => {
  const ppo = {
    rollouts: 4,
    numPpoEpochs: 1,
    numMiniBatches: 1,
    maxCompletionLength: 12,
    reward: { gold: "film-reviews" },
  };
  const id = await finishedRun(page.request, "Token by token", { method: "ppo", ppo, maxSteps: 3, sampleEvery: null });
  await enterAs(page, "Reads rollouts");
  await page.goto(`/runs/${id}/samples`);
  await expect(page.getByRole("heading", { name: "Rollouts" })).toBeVisible();
  const rollout = page.getByRole("article").filter({ hasText: /tokens · score/ });
  await expect(rollout).toHaveCount(4);
  const tokens = rollout.first().getByRole("button");
  await tokens.first().click();
  const numbers = rollout.first().getByLabel(/^Token \d+ of \d+$/);
  await expect(numbers).toHaveAttribute("aria-label", /^Token 1 of/);
  for (const name of ["Advantage", "Reward", "Value", "Return", "KL", "log π", "log π_ref", "Ratio"])
    await expect(numbers.getByText(name, { exact: true })).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(numbers).toHaveAttribute("aria-label", /^Token 2 of/);
  await expect(tokens.nth(1)).toBeFocused();
  await page.getByLabel("Colour by").selectOption("KL");
  await axe(page);
  await page.getByRole("slider").last().fill("0");
  await expect(page.getByText("Step 1", { exact: true })).toBeVisible();
});
