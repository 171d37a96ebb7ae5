// Ways to sign in to a team's workbench besides a password alone.
import { expect, type Page } from "@playwright/test";
import { type TOTP, URI } from "otpauth";
import { findings } from "./pages/axe";
import { behindCaddy, type Team } from "./pages/behind-caddy";
import { elsewhere, invitation, join, password, settled, signIn, signOut } from "./pages/members";
import { test } from "./pages/test";

let team: Team;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  team = await behindCaddy(Number(process.env.E2E_PORT ?? 3417) + 7);
});
test.afterAll(() => team.close());

/** Nothing to find by axe, and nothing beyond the edge of a narrow phone. */
async function isWhole(page: Page): Promise<void> {
  expect(await findings(page)).toEqual([]);
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.setViewportSize(size);
}

/** By the words that stand beside the QR code. */
async function appOf(page: Page): Promise<TOTP> {
  const key = await page
    .getByText(/^Key: /)
    .locator("code")
    .textContent();
  return URI.parse(`otpauth://totp/x?secret=${key!.replaceAll(" ", "")}`) as TOTP;
}

const later = (app: TOTP, halfMinutes: number) => app.generate({ timestamp: Date.now() + halfMinutes * 30_000 });

test("a second step is turned on, asked for, passed by a backup code, and ended by an owner's link", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const owner = await elsewhere(browser, team.url);
  await join(owner, team.owner, "olga");
  const anna = await elsewhere(browser, team.url);
  await join(anna, await invitation(owner, "Anna", "annotator"), "anna");
  await anna.goto("/account");
  await settled(anna);
  const card = anna.locator("section", { has: anna.getByRole("heading", { name: "Codes of an authenticator app" }) });
  await card.getByLabel("Your password").fill(password);
  await card.getByRole("button", { name: "Turn on" }).click();
  await expect(card.getByRole("img", { name: /^QR code/ })).toBeVisible();
  const codes = await card.getByRole("listitem").allTextContents();
  expect(codes.length).toBe(10);
  await isWhole(anna);
  const app = await appOf(anna);
  const spent = later(app, -1);
  await card.getByLabel("Code (6 digits)").fill(spent);
  await card.getByRole("button", { name: "Confirm" }).click();
  await expect(card.getByText("On: you are asked for a code after your password.")).toBeVisible();
  await anna.reload();
  await expect(card.getByText("On: you are asked for a code after your password.")).toBeVisible();
  await settled(anna);
  await isWhole(anna);

  await signOut(anna, "anna");
  await signIn(anna, "anna");
  await expect(anna.getByRole("heading", { name: "A code of your authenticator app" })).toBeVisible();
  await isWhole(anna);
  await anna.getByLabel("Code (6 digits)").fill(spent);
  await anna.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(anna.getByRole("alert").filter({ hasText: "was used before" })).toBeVisible();
  await anna.getByLabel("Code (6 digits)").fill(later(app, 1));
  await anna.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(anna).toHaveURL(`${team.url}/annotate`);

  await settled(anna);
  await signOut(anna, "anna");
  await signIn(anna, "anna");
  await anna.getByRole("button", { name: "Use a backup code" }).click();
  await anna.getByLabel("Backup code").fill(codes[0]!);
  await anna.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(anna).toHaveURL(`${team.url}/annotate`);

  await owner.goto("/team");
  await settled(owner);
  await owner.getByRole("button", { name: "Lost phone" }).click();
  const link = await owner.getByRole("status").filter({ hasText: "without a code" }).locator("code").textContent();
  await anna.goto(link!);
  await expect(anna.getByLabel("Password")).toBeEnabled();
  await anna.getByLabel("Password").fill("a wholly new one");
  await anna.getByRole("button", { name: "Choose this password" }).click();
  await expect(anna).toHaveURL(`${team.url}/sign-in`);
  await settled(anna);
  await signIn(anna, "anna", "a wholly new one");
  await expect(anna).toHaveURL(`${team.url}/annotate`);
});
