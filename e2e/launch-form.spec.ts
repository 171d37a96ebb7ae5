// The launch form: what it opens with, what it refuses and at which field, what it queues.
import { expect } from "@playwright/test";
import { enterAs, importDataset, listens } from "./pages/annotate";
import { findings } from "./pages/axe";
import { fillForm, formField, openAdvanced, startRun, withoutEvaluation } from "./pages/launch-form";
import { launchRun, listRuns, openTab } from "./pages/runs";
import { test } from "./pages/test";

test("U48: a run is cloned: the form opens as it was launched, its adapter can be changed, and it says what it comes from and what differs", async ({
  page,
}) => {
  const adapter = { targets: ["q_proj", "v_proj"] };
  const id = await launchRun(page.request, "To be cloned", { maxSteps: 7, batchSize: 3, adapter });
  await page.goto(`/runs/${id}`);
  await page.getByRole("link", { name: "Clone" }).click();
  await expect(formField(page, "name")).toHaveValue("To be cloned (copy)");
  await openAdvanced(page);
  await expect(formField(page, "maxSteps")).toHaveValue("7");
  await expect(formField(page, "batchSize")).toHaveValue("3");
  const layers = page.getByRole("group", { name: "Target modules" });
  await expect(layers.getByRole("checkbox", { checked: true })).toHaveCount(2);
  await layers.getByLabel("v_proj", { exact: true }).uncheck();
  await layers.getByLabel("q_proj", { exact: true }).uncheck();
  await expect(layers.getByLabel("all-linear")).toBeChecked();
  await expect(page.getByText(/^Copy of To be cloned · changed: Target modules$/)).toBeVisible();
  const summary = page.getByRole("complementary", { name: "Summary" });
  await page.getByLabel("Quantised base (QLoRA)").selectOption("nf4-double");
  await expect(summary).toContainText("The base is held in nf4-double.");
  await page.getByRole("button", { name: "Reset Quantised base (QLoRA)" }).click();
  await formField(page, "method").selectOption("ORPO");
  await formField(page, "adapterType").selectOption("none");
  await expect(layers).toHaveCount(0);
  await formField(page, "adapterType").selectOption("lora");
  await expect(layers.getByLabel("all-linear")).toBeChecked();
  await expect(page.getByLabel("LoRA rank")).toHaveValue("16");
  await expect(page.getByRole("button", { name: "Start run" })).toBeEnabled();
});

test("shows rows as the model will see them before anything starts", async ({ page }) => {
  await page.goto("/runs/new");
  await page.getByRole("button", { name: "Preview data" }).click();
  await expect(page.getByText(/3,\d{3} to train on, \d+ held out/)).toBeVisible({ timeout: 60_000 });
  const summary = page.getByRole("complementary", { name: "Summary" });
  await expect(summary.getByText(/About [\d.]+ GB at the peak/)).toBeVisible();
  await expect(summary.getByText(/^Time: /)).toBeVisible();
  const scored = page.locator("mark", { hasText: "<|im_end|>" });
  await expect(scored.first()).toBeVisible(); // the end of the answer is learnt, whatever the cut
  await expect(page.locator("span", { hasText: /^<\|im_start\|>$/ }).first()).toBeVisible();
  await formField(page, "maxLength").fill("32");
  await expect(summary.getByText("estimating…")).toBeVisible(); // of another form no more
  await expect(summary.getByText(/About [\d.]+ GB at the peak/)).toBeVisible({ timeout: 60_000 }); // nobody has to ask
  await expect(page).toHaveURL(/runs\/new/);
});

test("trains on the records just annotated", async ({ page }) => {
  await enterAs(page, "Trainer");
  const rows = Array.from({ length: 4 }, (_, i) => ({ prompt: `What is ${i}?`, answers: [`It is ${i}.`, "No idea."] }));
  const dataset = await importDataset(page, "just annotated", rows);
  await page.goto(`/annotate/${dataset}`);
  for (const [i, key] of ["1", "8", "2", "7"].entries()) {
    await listens(page, `What is ${i}?`);
    await page.keyboard.press(key);
  }
  await expect(page.getByText("All done")).toBeVisible();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.goto("/runs/new");
  await formField(page, "data").selectOption({ label: "just annotated: 4 annotated pairs" });
  await fillForm(page, { name: "On my pairs", maxSteps: "2", batchSize: "2", maxLength: "512" });
  await withoutEvaluation(page);
  await startRun(page);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 90_000 });
});

test("the form names every problem at its field and starts nothing", async ({ page }) => {
  // Scripts arrive late: what is typed must not be overwritten when the page comes alive.
  await page.route("**/_next/static/**/*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto("/runs/new", { waitUntil: "commit" });
  await formField(page, "batchSize").fill("0");
  await formField(page, "learningRate").fill("fast");
  await expect(page.getByRole("list", { name: "Problems" }).getByRole("listitem")).toHaveCount(2);
  await expect(formField(page, "batchSize")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("button", { name: "Start run" })).toBeDisabled();
});

test("a run that cannot work is refused at its field before it starts", async ({ page }) => {
  await page.goto("/runs/new");
  await formField(page, "name").fill("Too short");
  await formField(page, "maxLength").fill("8");
  await startRun(page);
  const summary = page.getByRole("complementary", { name: "Summary" });
  await expect(summary.getByRole("alert")).toContainText("holds no row to train on", { timeout: 90_000 });
  await expect(formField(page, "maxLength")).toHaveAttribute("aria-invalid", "true");
  await expect(page).toHaveURL(/runs\/new/);
});

test("R1, U33: PPO without a reward model queues both, the reward model with the steps and rate that the form shows; what is typed as YAML stands in the form", async ({
  page,
}) => {
  await page.goto("/runs/new");
  await formField(page, "method").selectOption("PPO");
  await expect(page.getByRole("list", { name: "Problems" })).toContainText("Reward model: give a reward model");
  await page.getByLabel("train one first, on the same data").check();
  await expect(page.getByText("Reward = 1 × reward model", { exact: true })).toBeVisible();
  await expect(page.getByText("this run starts when it has finished")).toBeVisible();
  await expect(page.getByLabel("Reward model: Max steps")).toHaveValue("300");
  await expect(page.getByLabel("Reward model: Learning rate")).toHaveValue("0.002");
  await page.getByLabel("Reward model: Max steps").fill("many");
  await expect(page.getByText("Max steps must be a positive whole number")).toBeVisible();
  await expect(page.getByRole("button", { name: "Queue the runs" })).toBeDisabled();
  await page.getByLabel("Reward model: Max steps").fill("30");
  await formField(page, "name").fill("Both");
  await page.getByText("Config file", { exact: true }).click();
  const file = page.getByLabel("Config as YAML");
  const text = (await file.inputValue())
    .replace(/rollouts: \d+/, "rollouts: 8")
    .replace(/maxSteps: \d+/, "maxSteps: 4");
  await file.fill(text);
  await expect(formField(page, "rollouts")).toHaveValue("8");
  await file.fill(`${text}\nrewards: many`);
  await expect(page.getByText("no field of this form: rewards")).toBeVisible();
  await file.fill(text);
  await page.getByRole("button", { name: "Queue the runs" }).click();
  await expect(page.getByRole("heading", { name: "Both" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/Starts when these have finished/)).toContainText("Both: reward model");
  await page.getByRole("link", { name: "Both: reward model" }).first().click();
  await expect(page.getByRole("heading", { name: "Both: reward model" })).toBeVisible();
  const { config } = await (await page.request.get(`/api${new URL(page.url()).pathname}`)).json();
  expect(config).toMatchObject({ maxSteps: 30, batchSize: 16, optimizer: { learningRate: 2e-3 } });
  await page.getByRole("button", { name: /^(Stop|Cancel run)$/ }).click();
  await openTab(page, "Data");
  await expect(page.getByText("Used by")).toBeVisible();
});

test("a sweep queues its runs; a fork begins at a checkpoint and says so", { tag: "@long" }, async ({ page }) => {
  await page.goto("/runs/new");
  await formField(page, "name").fill("Swept");
  await formField(page, "maxSteps").fill("2");
  await withoutEvaluation(page);
  await page.getByText("Sweep", { exact: true }).click();
  await page.getByRole("button", { name: "Field", exact: true }).click();
  await page.getByLabel("Swept field 1").selectOption("dpo.beta");
  await page.getByLabel("Values of field 1").fill("0.05, 0.2");
  await expect(page.getByText("2 runs", { exact: true })).toBeVisible();
  await page.getByLabel("Values of field 1").fill("0.05, oops"); // U36
  await expect(page.getByText('β: oops must be a number, not "oops"')).toBeVisible();
  await expect(page.getByRole("button", { name: "Queue the runs" })).toBeDisabled();
  await page.getByLabel("Values of field 1").fill("0.05, 0.2");
  await page.getByRole("button", { name: "Queue the runs" }).click();
  await expect(page).toHaveURL(/compare\?runs=\w+%2C\w+|compare\?runs=\w+,\w+/, { timeout: 60_000 });
  const swept = async () => (await listRuns(page.request)).filter(({ name }) => name.startsWith("Swept: beta"));
  await expect
    .poll(async () => (await swept()).map(({ status }) => status), { timeout: 120_000 })
    .toEqual(["finished", "finished"]);
  const [run] = await swept();
  await page.goto(`/runs/${run!.id}`);
  await openTab(page, "Data");
  await expect(page.getByRole("link", { name: "Compare 2 runs" })).toBeVisible();
  await openTab(page, "Files");
  await page.getByRole("link", { name: "Fork" }).first().click();
  await expect(formField(page, "name")).toHaveValue(`${run!.name} @2`);
  await startRun(page);
  await expect(page.getByRole("heading", { name: `${run!.name} @2` })).toBeVisible({ timeout: 60_000 });
  await openTab(page, "Data");
  await expect(page.getByText("Forked at step 2 from")).toBeVisible();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
});

test("a sweep stops weak runs early: its best trains to the end, the others say where they were behind and can be resumed", {
  tag: "@long",
}, async ({ page }) => {
  test.slow(); // two launches and five attempts at training, one after the other
  await page.goto("/runs/new");
  await fillForm(page, { name: "Halved", maxSteps: "8" });
  await openAdvanced(page);
  await fillForm(page, { evalEvery: "1", sampleEvery: "" });
  await page.getByText("Sweep", { exact: true }).click();
  await page.getByRole("button", { name: "Field", exact: true }).click();
  await page.getByLabel("Swept field 1").selectOption("optimizer.learningRate");
  await page.getByLabel("Values of field 1").fill("1e-3, 1e-6");
  await page.getByLabel("Stop weak runs early (ASHA)").check();
  await expect(page.getByText("First compared at step: give a number of steps")).toBeVisible();
  await page.getByLabel("First compared at step").fill("2");
  await page.getByLabel("One of so many goes on").fill("2");
  await expect(page.getByText("2 runs", { exact: true })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.reload(); // it is part of the draft
  await expect(page.getByLabel("First compared at step")).toHaveValue("2");
  await page.getByRole("button", { name: "Queue the runs" }).click();
  await expect(page).toHaveURL(/compare\?runs=/, { timeout: 60_000 });
  const halved = async () =>
    (await listRuns(page.request)).filter(({ name }) => name.startsWith("Halved: learningRate"));
  await expect
    .poll(async () => (await halved()).map(({ status }) => status).sort(), { timeout: 120_000 })
    .toEqual(["finished", "stopped"]);
  const behind = (await halved()).find(({ status }) => status === "stopped")!;
  const lossAt2 = async ({ id }: { id: string }) =>
    (await (await page.request.get(`/api/runs/${id}`)).json()).halving.rungs[0].value as number;
  const losses = await Promise.all((await halved()).map(lossAt2));
  expect(await lossAt2(behind)).toBe(Math.max(...losses));
  await page.goto(`/runs/${behind.id}`);
  await expect(page.getByText(/^Stopped early, number 2 of 2 at step 2: others of its sweep did better/)).toBeVisible();
  await openTab(page, "Data");
  await expect(page.getByText(/^Step 2: .*, number 2 of 2$/)).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
});

test("U31: what is filled in survives a reload and a way round, and is discarded on request", async ({ page }) => {
  await page.goto("/runs/new");
  await fillForm(page, { name: "Kept", learningRate: "0,0007", maxSteps: "33" });
  await expect(page.getByRole("list", { name: "Problems" })).toContainText(
    'Learning rate must be a number, not "0,0007"; write 0.0007', // U37
  );
  await page.reload();
  await expect(page.getByText("Restored draft")).toBeVisible();
  await expect(formField(page, "name")).toHaveValue("Kept");
  await expect(formField(page, "learningRate")).toHaveValue("0,0007");
  await page.getByRole("link", { name: "Runs", exact: true }).first().click();
  await expect(page.getByRole("heading", { name: "Runs" })).toBeVisible();
  await page.goBack();
  await expect(formField(page, "maxSteps")).toHaveValue("33");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(formField(page, "name")).not.toHaveValue("Kept");
  await page.reload();
  await expect(page.getByText("Restored draft")).toHaveCount(0);
});

test("U34, U35: what scores is one kind or a sum that is written out; a learned reward beside the oracle is warned of", async ({
  page,
}) => {
  await page.goto("/runs/new");
  await page.getByText("PPO (synthetic reward)").click();
  await expect(page.getByText("Reward = 1 × oracle", { exact: true })).toBeVisible();
  await page.getByLabel("A sum of several").check();
  await page.getByLabel("train one first, on the same data").check();
  await expect(page.getByText("Reward = 1 × reward model + 1 × oracle", { exact: true })).toBeVisible();
  await expect(page.getByText(/learned reward and the oracle are both on/)).toBeVisible();
  await page.getByLabel("train one first, on the same data").uncheck();
  await page.getByLabel("Reward model", { exact: true }).first().check();
  await expect(page.getByText("Nothing scores yet")).toBeVisible();
});

test("U32: from the first field a run is started with 12 tab stops or fewer", async ({ page }) => {
  await page.goto("/runs/new");
  await expect(page.getByRole("button", { name: "Start run" })).toBeEnabled();
  await page.evaluate(() => {
    document.getElementById("main")!.tabIndex = -1;
    document.getElementById("main")!.focus(); // as "Skip to content" does
  });
  let stops = 0;
  for (; stops < 30; stops++) {
    const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
    if (focused === "Start run") break;
    await page.keyboard.press("Tab");
  }
  console.log(`tab stops from "Skip to content" to "Start run": ${stops}`);
  expect(stops).toBeLessThanOrEqual(12);
});
