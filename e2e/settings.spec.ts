// Settings of the whole workbench: the model that runs begin with, the webhook, the machine, and how scripts call it.
import { expect } from "@playwright/test";
import { chatServer } from "../test/chat-server";
import { enterAs, importDataset } from "./pages/annotate";
import { findings } from "./pages/axe";
import { test } from "./pages/test";

test("the default model is what a run on one's own data begins with, and a wrong one is refused at its field", async ({
  page,
}) => {
  await enterAs(page, "Sets defaults");
  const id = await importDataset(page, "For the default", [{ prompt: "p", answers: ["a", "b"] }]);
  await page.goto("/");
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  const field = page.getByRole("combobox", { name: /Train on this dataset/ });
  await field.fill("/no/such/model");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".text-bad").first()).toContainText("/no/such/model");
  await field.fill("tiny");
  await expect(page.getByText(/A folder: llama/)).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Runs begin with tiny.")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.goto(`/runs/new?queue=${id}`);
  await expect(page.getByRole("combobox", { name: "Model", exact: true })).toHaveValue("tiny");
  await page.goto("/datasets");
  await expect(page.getByLabel("Model A")).toHaveValue("base:tiny");
  await page.goto("/settings");
  await field.fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Each template has its own model again.")).toBeVisible();
});

test("what is set nowhere is said with how to set it; runs at once are set; storage is a page of its own, at its old address too", async ({
  page,
}) => {
  await page.goto("/settings");
  await expect(page.getByText("WORKBENCH_WEBHOOK=ADDRESS")).toBeVisible();
  await expect(page.getByText(/cores$/)).toBeVisible();
  await expect(page.getByRole("region", { name: "Commands" })).toContainText(`${new URL(page.url()).host}/api/me`);
  const atOnce = page.getByLabel("Runs at once");
  await atOnce.fill("0");
  await expect(page.getByText("At least 1.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Change", exact: true })).toBeDisabled();
  await atOnce.fill("2");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByText("Up to 2 runs train at a time.")).toBeVisible();
  await atOnce.fill("1");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByText("One run trains at a time.")).toBeVisible();
  await page.getByRole("link", { name: "See and clean up" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Storage" })).toBeVisible();
  await page.goto("/storage");
  await expect(page).toHaveURL(/\/settings\/storage$/);
});

test("answers are set larger in this browser, from the first paint on", async ({ page }) => {
  await enterAs(page, "Reads large");
  const sizeOf = () =>
    page
      .locator("article .prose-answer")
      .first()
      .evaluate((text) => getComputedStyle(text).fontSize);
  const id = await importDataset(page, "To read", [{ prompt: "p", answers: ["a", "b"] }]);
  await page.goto(`/annotate/${id}`);
  expect(await sizeOf()).toBe("16px");
  await page.goto("/");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitemradio", { name: "Larger" }).click();
  await page.goto(`/annotate/${id}`);
  expect(await sizeOf()).toBe("21px");
});

test("an endpoint is named, tested, changed and removed", async ({ page }) => {
  const { url, server } = await chatServer(({ path }) =>
    path.endsWith("/models") ? { status: 200, body: { object: "list", data: [{ id: "judge-1" }] } } : "Hi",
  );
  await page.goto("/settings");
  await page.getByRole("link", { name: "Name and test" }).click();
  await expect(page.getByText("No endpoint is named yet")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Scripted");
  await page.getByLabel("Address").fill("nowhere");
  await page.getByLabel("Model").fill("judge-1");
  await page.getByRole("button", { name: "Add endpoint" }).click();
  await expect(page.getByText(/Enter an http/)).toBeVisible();
  await page.getByLabel("Address").fill(url);
  await page.getByLabel("Cap on spending").fill("2.50");
  await page.getByRole("button", { name: "Add endpoint" }).click();
  await page.getByRole("button", { name: "Test Scripted" }).click();
  await expect(page.getByRole("status").filter({ hasText: "judge-1 among them" })).toBeVisible();
  await expect(page.getByText("$0.00 of $2.50")).toBeVisible();
  await page.getByRole("button", { name: "Change Scripted" }).click();
  await page.getByLabel("Variable of the key").fill("NO_SUCH_KEY");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("NO_SUCH_KEY is not set")).toBeVisible();
  await page.getByRole("button", { name: "Test Scripted" }).click();
  await expect(page.getByText(/takes its key from NO_SUCH_KEY/)).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Remove Scripted" }).click();
  await expect(page.getByText("No endpoint is named yet")).toBeVisible();
  server.close();
});

test("a machine is set up by its scheduler's fields, and the form of a run then asks where to train", async ({
  page,
}) => {
  await enterAs(page, "Sets machines up");
  await page.goto("/settings/machines");
  await expect(page.getByText("Every run is trained on this machine")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("cluster");
  await page.getByLabel("Jobs by").selectOption("Ray");
  await page.getByLabel("Address").fill("head:8265");
  await page.getByRole("button", { name: "Add machine" }).click();
  await expect(page.getByText("Enter an http:// or https:// address without a password.")).toBeVisible();
  await page.getByLabel("Address").fill("http://head:8265/");
  await page.getByRole("button", { name: "Add machine" }).click();
  await expect(page.getByRole("cell", { name: "http://head:8265", exact: true })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.goto("/runs/new");
  await page.getByText("Advanced", { exact: true }).click();
  await page.getByLabel("Machine", { exact: true }).selectOption("cluster");
  await page.goto("/settings/machines");
  await page.getByRole("button", { name: "Remove cluster" }).click();
  await expect(page.getByText("Every run is trained on this machine")).toBeVisible();
});
