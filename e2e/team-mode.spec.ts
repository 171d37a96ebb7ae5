// A team elsewhere: through Caddy with TLS they are invited, sign in, annotate, train and compare, each as far as their role goes.
import { type Browser, expect, type Page } from "@playwright/test";
import { behindCaddy, type Team } from "../test/behind-caddy";
import { findings, looksRight } from "./pages/axe";
import { elsewhere as browserElsewhere, invitation, join, password, settled, signIn, signOut } from "./pages/members";
import { test } from "./pages/test";

let team: Team;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  team = await behindCaddy(Number(process.env.E2E_PORT ?? 3417) + 6);
});
test.afterAll(() => team.close());

const elsewhere = (browser: Browser): Promise<Page> => browserElsewhere(browser, team.url);

/** Whoever sees everything and changes nothing is shown no means to. */
async function viewerSees(page: Page, run: string): Promise<void> {
  await page.goto(`/runs/${run}`);
  await settled(page);
  await page.getByRole("button", { name: "More" }).click();
  await expect(page.getByRole("menuitem", { name: "Copy link" })).toBeVisible();
  for (const name of ["Archive", "Delete…"]) await expect(page.getByRole("menuitem", { name })).toBeHidden();
  await page.keyboard.press("Escape");
  for (const name of [/^Run name/, /^Note/, "Tag", "Clone", "Stop"])
    await expect(page.getByRole("button", { name })).toBeHidden();
  await expect(page.getByRole("link", { name: "Train from" })).toHaveCount(0);
  await page.goto("/datasets/1/records");
  await settled(page);
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /^Choose record/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Actions for/ })).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("s"); // settings are not theirs
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page.getByRole("heading", { name: "Models" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option", { name: "Models" })).toBeVisible();
  for (const name of ["Settings", "New run", "Add data", "Annotate"])
    await expect(page.getByRole("option", { name, exact: true })).toHaveCount(0);
  await page.keyboard.press("Escape");
}

test("a team is invited, signs in and works, each as far as their role goes", async ({ browser }) => {
  test.setTimeout(300_000);
  const owner = await elsewhere(browser);
  await owner.goto("/runs");
  await expect(owner).toHaveURL(`${team.url}/sign-in?to=%2Fruns`);
  await expect(owner.getByRole("navigation")).toHaveCount(0); // nothing but the form
  expect(await findings(owner)).toEqual([]);
  await join(owner, team.owner, "olga");
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();
  const late = await elsewhere(browser);
  await late.goto(team.owner);
  await expect(late.getByText("This link was used, has expired or was taken back")).toBeVisible();

  const annotator = await elsewhere(browser);
  await join(annotator, await invitation(owner, "Anna of the agency", "annotator"), "anna");
  expect(await findings(owner)).toEqual([]);
  await expect(annotator).toHaveURL(`${team.url}/annotate`);
  await expect(annotator.getByRole("link", { name: "Annotate" }).first()).toBeVisible();
  await expect(annotator.getByRole("link", { name: "Datasets" })).toBeHidden();
  await annotator.goto("/datasets/1/records");
  await expect(annotator.getByRole("heading", { name: "Not permitted" })).toBeVisible();
  expect((await annotator.request.get("/api/datasets/1/records")).status()).toBe(403);
  await annotator.goto("/annotate/1");
  await settled(annotator);
  await annotator.keyboard.press("1");
  const mine = async () => (await (await annotator.request.get("/api/queues/1/mine")).json()) as { counts: object };
  await expect.poll(async () => (await mine()).counts).toMatchObject({ preferred: 1 });

  const researcher = await elsewhere(browser);
  await join(researcher, await invitation(owner, "Rex", "researcher"), "rex");
  const config = { method: "dpo", model: { source: "tiny" }, data: { maxLength: 64 }, batchSize: 4, maxSteps: 2 };
  const launched = await researcher.request.post("/api/runs", {
    data: { name: "Of the team", data: { kind: "sample", id: "film-reviews" }, config },
  });
  const { id } = (await launched.json()) as { id: string };
  await researcher.goto(`/runs/${id}`);
  await expect(researcher.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 }); // its events come through the proxy

  await owner.goto("/team");
  await settled(owner);
  await owner.getByLabel("Role of rex").selectOption("viewer");
  await expect.poll(async () => (await researcher.request.patch(`/api/runs/${id}`, { data: {} })).status()).toBe(403);
  await viewerSees(researcher, id);

  await owner.goto("/datasets/1/settings");
  await settled(owner);
  const given = owner.getByLabel("Role of rex", { exact: true }); // a viewer otherwise
  await owner.getByLabel("Person").selectOption({ label: "rex (viewer otherwise)" });
  await owner.getByLabel("Role to give").selectOption("annotator");
  await owner.getByRole("button", { name: "Give the role" }).click();
  await expect(given).toHaveValue("annotator");
  await researcher.goto("/annotate");
  await expect(researcher.getByRole("link", { name: /^(Start|Continue): / })).toHaveCount(1);
  await researcher.goto("/datasets/1");
  await expect(researcher.getByRole("heading", { name: "Not permitted" })).toBeVisible();
  await owner.getByRole("button", { name: "Remove the role of rex" }).click();
  await expect(given).toHaveCount(0);
  await owner.getByLabel(/^Only for the people named here/).click();
  await expect(owner.getByLabel(/^Only for the people named here/)).toBeChecked();
  await expect.poll(async () => (await researcher.request.get("/api/datasets/1/records")).status()).toBe(404);
  await researcher.goto("/datasets/1");
  await expect(researcher.getByRole("heading", { name: "Not found" })).toBeVisible();
  expect(await findings(owner)).toEqual([]);

  await annotator.goto("/annotate");
  await settled(annotator);
  await annotator.keyboard.press("Control+k");
  await expect(annotator.getByRole("option").filter({ hasText: "Annotate" }).first()).toBeVisible();
  for (const name of ["Runs", "New run", "Add data"])
    await expect(annotator.getByRole("option", { name, exact: true })).toHaveCount(0);
  await annotator.keyboard.press("Escape");

  await owner.goto("/team");
  await settled(owner);
  await owner.getByRole("row", { name: /^anna/ }).first().getByRole("button", { name: "Deactivate" }).click();
  await expect.poll(async () => (await annotator.request.get("/api/me")).status()).toBe(401);
});

test("an account is signed out of elsewhere, changes its password, and signs in again", async ({ browser }) => {
  const owner = await elsewhere(browser);
  await owner.goto("/sign-in");
  await settled(owner);
  await signIn(owner, "olga", "not the password");
  await expect(owner.getByRole("alert").filter({ hasText: "do not belong together" })).toBeVisible();
  await signIn(owner, "olga");
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();
  await owner.goto("/account");
  await settled(owner);
  await owner.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(owner.getByRole("table").getByRole("row")).toHaveCount(2); // the head, and this one
  await owner.getByLabel("Current password").fill(password);
  await owner.getByLabel("New password").fill("a wholly new one");
  await owner.getByRole("button", { name: "Change the password" }).click();
  await expect(owner.getByText("The password is changed")).toBeVisible();
  expect(await findings(owner)).toEqual([]);
  await signOut(owner, "olga");
  await signIn(owner, "olga", "a wholly new one");
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();
});

test("an account exports its data; an owner limits what is kept of sessions, and erases somebody", async ({
  browser,
}) => {
  const owner = await elsewhere(browser);
  await owner.goto("/sign-in");
  await settled(owner);
  await signIn(owner, "olga", "a wholly new one");
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();
  await owner.goto("/account");
  await settled(owner);
  const saved = owner.waitForEvent("download");
  await owner.getByRole("link", { name: "Export" }).click();
  expect((await saved).suggestedFilename()).toBe("my-data.json");
  await owner.goto("/settings");
  const days = owner.getByLabel("Days that the audit log and sessions are kept");
  await expect(days).toBeEnabled();
  await days.fill("0");
  await expect(owner.getByText("At least 1.")).toBeVisible();
  await days.fill("365");
  await days.press("Enter");
  await expect(owner.getByText("are kept for 365 days")).toBeVisible();
  await looksRight(owner);
  await owner.goto("/team");
  await settled(owner);
  await owner.getByRole("button", { name: "Actions for rex" }).click();
  await owner.getByRole("menuitem", { name: "Erase…" }).click();
  await owner.getByLabel("Type rex to confirm").fill("rex");
  await owner.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(owner.getByRole("heading", { name: "rex is erased" })).toBeVisible();
  await owner.getByRole("button", { name: "Done" }).click();
  await owner.goto("/team/audit");
  await expect(owner.getByText("to erase a person")).toBeVisible();
});
