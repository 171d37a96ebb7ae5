// A team's question: which of these runs is better, and how far did it go for it? Real runs, every number against the API's raw points.
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { enterAs, prompt } from "./pages/annotate";
import { pressUntil } from "./pages/charts";
import { finishedRun } from "./pages/runs";
import { test } from "./pages/test";

interface Logged {
  step: number;
  values: Record<string, number>;
}

const sampled = { sampleEvery: 4, samplePrompts: 4, sampleLength: 24 };

test("U49, U50, U52, U54, U55: DPO over two seeds beside PPO: trajectories, curves, final metrics, configs, completions; the address restores it", {
  tag: "@long",
}, async ({ page }) => {
  test.setTimeout(400_000); // three runs
  const dpo = { ...sampled, method: "dpo", batchSize: 2, maxSteps: 8 };
  const ids = [
    await finishedRun(page.request, "DPO, first", { ...dpo, seed: 1 }),
    await finishedRun(page.request, "DPO, second", { ...dpo, seed: 2 }),
    await finishedRun(page.request, "PPO beside", {
      ...sampled,
      method: "ppo",
      maxSteps: 8,
      ppo: { rollouts: 4, epochs: 1, numMiniBatches: 1, maxCompletionLength: 16, reward: { gold: "film-reviews" } },
    }),
  ];
  const points = await Promise.all(
    ids.map(async (id) => (await (await page.request.get(`/api/runs/${id}/points`)).json()) as Logged[]),
  );
  const open = (name: string) => page.getByRole("tab", { name, exact: true }).click();
  await page.goto(`/compare?runs=${ids.join()}`);
  await expect(page.getByText(/^Oracle reward: .*DPO, first \S+ at \S+ nats\/seq/)).toBeVisible();
  const costs = page.getByRole("region", { name: "What it cost: table" });
  await expect(page.getByRole("link", { name: "Why PPO and DPO aim at the same policy" })).toBeVisible();
  await expect(costs.getByRole("row", { name: /^DPO, first policy, reference rows of the data 16 / })).toBeVisible(); // 8 steps of 2
  await expect(
    costs.getByRole("row", { name: /^PPO beside policy, reference, critic its own completions 32 / }),
  ).toBeVisible();
  await open("Frontier");
  await expect(
    page.getByRole("img", { name: /^Oracle reward over KL to the reference, DPO, first, DPO, second, PPO beside/ }),
  ).toBeVisible();
  await open("Charts");
  await expect(page.getByRole("figure", { name: "Loss (dpo)" })).toBeVisible(); // U49
  await expect(page.getByRole("figure", { name: "Loss (ppo)" })).toBeVisible();
  await page.getByLabel("Overlay losses of different methods").click(); // the tick follows the address
  await expect(page.getByLabel("Overlay losses of different methods")).toBeChecked();
  await expect(page.getByRole("figure", { name: "Loss", exact: true })).toBeVisible();
  await page.goBack(); // U50
  await expect(page.getByRole("figure", { name: "Loss (ppo)" })).toBeVisible();
  await page.goForward();
  await open("Config diff");
  await expect(page.getByRole("row", { name: /^Method dpo dpo ppo/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /^Rollouts per update/ })).toHaveCount(0); // U52
  await page.getByRole("button", { name: /^Show \d+ fields that only some of them have/ }).click();
  await expect(page.getByRole("row", { name: /^Rollouts per update/ })).toBeVisible();
  const chosen = page.getByRole("checkbox", { name: "DPO, first dpo" }); // U55: those that are compared stand first
  await expect(chosen).toBeInViewport();
  await chosen.click(); // the tick follows the address, a moment later
  await expect(page.getByText("Runs, 2 of")).toBeVisible();
  await page.goBack();
  await expect(page.getByText("Runs, 3 of")).toBeVisible();
  await page.getByRole("button", { name: "Hide PPO beside" }).click(); // one that is hidden stays among the chosen
  await expect(page.getByRole("columnheader", { name: "PPO beside" })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("columnheader", { name: "PPO beside" })).toBeVisible();
  await open("Samples");
  await expect(page.getByRole("columnheader", { name: "PPO beside, step 8" })).toBeVisible();
  await page.getByLabel("Show diff to the baseline").check();
  await expect(page.getByRole("region", { name: "Sample completions: table" }).locator("mark").first()).toBeVisible();

  // A view has a name.
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of this view").fill("What they say");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.keyboard.press("Escape");
  await open("Overview");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "What they say", exact: true }).click();
  await expect(page.getByRole("tab", { name: "Samples" })).toHaveAttribute("aria-selected", "true");
  await open("Overview");

  // Seeds become one line: the mean of both, and an interval.
  await page.getByLabel("Group by").selectOption("method");
  await expect(page).toHaveURL(/by=method/);
  const gold = (run: number) => points[run]!.at(-1)!.values["on_policy/gold"]!;
  const mean = (gold(0) + gold(1)) / 2;
  const ends = page.getByRole("region", { name: "Final metrics: table" });
  await expect(ends.getByRole("row", { name: /^method dpo 2/ })).toContainText(`${mean.toFixed(2)} ±`);
  await expect(ends.getByRole("row", { name: /^method ppo 1/ })).toContainText(gold(2).toFixed(2));
  await ends.getByRole("button", { name: /^Oracle reward/ }).click(); // U54: sorted, and with the difference from the baseline
  const highest = mean > gold(2) ? "method dpo" : "method ppo";
  await expect(ends.getByRole("row").nth(1)).toContainText(highest);
  await expect(ends.getByRole("row", { name: /^method ppo/ })).toContainText(/Δ [+−±][\d.]+/);

  await expect(ends.getByRole("row").nth(1)).toContainText("best");
  await open("Charts");

  // Along tokens: what the server draws is what was logged.
  await page.getByLabel("X axis", { exact: true }).selectOption("tokens");
  const search = new URLSearchParams({ metric: "loss", axis: "tokens", groups: ids[0]! });
  const [line] = (await (await page.request.get(`/api/compare/lines?${search}`)).json()) as {
    x: number[];
    y: number[];
  }[];
  const logged = points[0]!.filter(({ values }) => values.loss !== undefined);
  expect(line!.y).toEqual(logged.map(({ values }) => values.loss));
  expect(line!.x.at(-1)).toBe(logged.reduce((sum, { values }) => sum + values.tokens!, 0));

  // The arrow keys read a chart; a zoom by dragging stands in the address.
  const loss = page.getByRole("figure", { name: "Loss", exact: true });
  await expect(loss.getByText("Last value")).toBeVisible();
  await page.mouse.move(0, 0); // a plot that scrolls under the pointer and away from it loses its cursor
  await pressUntil(
    page.getByRole("region", { name: /^Loss over tokens/ }),
    "ArrowRight",
    loss.getByText(/^At tokens trained on \d+/),
  );
  const wide = (await loss.locator(".u-over").boundingBox())!.width;
  await page.setViewportSize({ width: 900, height: 800 }); // drawn anew, the cursor stays
  await expect.poll(async () => (await loss.locator(".u-over").boundingBox())?.width).not.toBe(wide);
  await expect(loss.getByText(/^At tokens trained on \d+/)).toBeVisible();
  const plot = loss.locator(".u-over");
  await plot.scrollIntoViewIfNeeded();
  const { x, y, width } = (await plot.boundingBox())!;
  await page.mouse.move(x + width * 0.25, y + 40);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.75, y + 60, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/zoom=/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Reset zoom" })).toBeVisible();
  await expect(page.getByLabel("X axis", { exact: true })).toHaveValue("tokens");
  await page.getByRole("button", { name: "Reset zoom" }).click();
  await expect(page).not.toHaveURL(/zoom=/);

  // Settings beside results; a chart as a file of its own.
  await open("Parallel");
  await expect(page.getByRole("img", { name: /^Parallel coordinates of 3 runs: Method, / })).toBeVisible(); // U51
  const axis = page.getByRole("button", { name: "Method: move with ← and →, pick runs with ↑ and ↓" });
  await axis.press("ArrowUp");
  await expect(page.getByRole("button", { name: "Clear selection" })).toBeVisible();
  await axis.press("Escape");
  await expect(page.getByRole("button", { name: "Clear selection" })).toHaveCount(0);
  await axis.press("ArrowRight");
  await expect(page.getByRole("img", { name: /^Parallel coordinates of 3 runs: [^,]+, Method, / })).toBeVisible();
  await open("Charts");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Loss as SVG" }).click();
  const svg = readFileSync(await (await saved).path(), "utf8");
  expect(svg).toContain("method ppo</text>");
  expect(svg).not.toMatch(/var\(--|lch\(|lab\(/); // colours that others know too
  await page.getByRole("button", { name: "Loss on the whole screen" }).click();
  expect((await page.getByRole("dialog").locator(".u-over").boundingBox())!.height).toBeGreaterThan(300);
  await page.keyboard.press("Escape");
  await open("Frontier");
  const painted = page.waitForEvent("download");
  await page
    .getByRole("button", { name: /^Oracle reward over KL as PNG/ })
    .first()
    .click();
  expect(
    readFileSync(await (await painted).path())
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");

  // A run of TRL is laid beside ours.
  await open("Charts");
  await page.getByLabel("Group by", { exact: true }).selectOption("run");
  await page
    .getByLabel("A trainer_state.json or TensorBoard event file")
    .setInputFiles("data/golden/elsewhere/trainer_state.json");
  await expect(page.getByText(/12 steps\. Skipped metrics that no chart shows: /)).toBeVisible();
  await expect(loss.getByRole("region", { name: "Loss: values" })).toContainText("trainer_state.json");

  // Everything that was logged comes out again.
  const again = { maxRetries: 2 }; // a connection that was kept from before may have been closed meanwhile
  const csv = await (await page.request.get(`/api/compare/points?runs=${ids.join()}&format=csv`, again)).text();
  const values = points.flat().flatMap((point) => Object.keys(point.values)).length;
  expect(csv.trim().split("\n")).toHaveLength(values + 1);
  const tar = await (await page.request.get(`/api/compare/points?runs=${ids.join()}&format=tensorboard`, again)).body();
  expect(tar.toString("latin1").match(/events\.out\.tfevents/g)).toHaveLength(3);
});

test("U55: the runs that are not compared are listed by method, and added together", async ({ page }) => {
  test.setTimeout(400_000); // two runs, where there are none yet
  const dpo = { ...sampled, method: "dpo", batchSize: 2, maxSteps: 8 };
  const first = await finishedRun(page.request, "DPO, first", { ...dpo, seed: 1 });
  await finishedRun(page.request, "DPO, second", { ...dpo, seed: 2 });
  await page.goto(`/compare?runs=${first}`);
  await page.getByLabel("List by").selectOption("method");
  const group = page.getByRole("region", { name: "DPO", exact: true });
  const second = page.getByRole("checkbox", { name: "DPO, second dpo" });
  await expect(group.getByRole("checkbox", { name: "DPO, second dpo" })).not.toBeChecked();
  await group.getByRole("button", { name: "Add all of DPO" }).click();
  await expect(second).toBeChecked();
  await expect(group).toHaveCount(0);

  // Two clicks before the page is rendered with the first: both count.
  const both = page.getByRole("checkbox", { name: /^DPO, (first|second) dpo$/ });
  await both.evaluateAll((boxes: HTMLInputElement[]) => {
    for (const box of boxes) box.click();
  });
  await expect(page.getByRole("checkbox", { name: /^DPO, (first|second) dpo$/, checked: true })).toHaveCount(0);
});

test("two runs' completions of the same prompts are annotated without names, and Compare says who was preferred how often", async ({
  page,
}) => {
  test.setTimeout(400_000); // two runs, where there are none yet
  await enterAs(page, "Blind judge");
  const dpo = { ...sampled, method: "dpo", batchSize: 2, maxSteps: 8 };
  const first = await finishedRun(page.request, "DPO, first", { ...dpo, seed: 1 });
  const second = await finishedRun(page.request, "DPO, second", { ...dpo, seed: 2 });
  await page.goto(`/compare?runs=${first},${second}&tab=samples`);
  const card = page.locator("section", { has: page.getByRole("heading", { name: "Blind vote" }) });
  await expect(card).toContainText("side by side without names");
  await card.getByRole("button", { name: "Vote blind" }).click();
  await expect(page).toHaveURL(/\/annotate\/\d+/);
  await expect(prompt(page)).toBeFocused();
  await expect(page.getByRole("article").getByText(/DPO, (first|second)/)).toHaveCount(0);
  await page.keyboard.press("1");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.goBack();
  await expect(card).toContainText(/was preferred in [01] of 1 annotations \(\d+ to \d+ %\)/);
  await card.getByRole("link", { name: "Open the dataset" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("DPO, first or DPO, second");
});
