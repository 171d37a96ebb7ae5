// What people do at the doors of a workbench that serves a team.
import { type Browser, expect, type Page } from "@playwright/test";

export const password = "correct horse battery";

/** A browser of its own, at another place. */
export const elsewhere = async (browser: Browser, url: string): Promise<Page> =>
  (await browser.newContext({ baseURL: url, ignoreHTTPSErrors: true })).newPage();

/** Pages answer keys and clicks once React does. */
export const settled = (page: Page) => page.waitForLoadState("networkidle");

export async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await expect(page.getByLabel("User name")).toBeEnabled();
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page).not.toHaveURL(/\/join\//);
}

export async function signIn(page: Page, name: string, typed = password): Promise<void> {
  await page.getByLabel("User name or e-mail address").fill(name);
  await page.getByLabel("Password").fill(typed);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export async function signOut(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.getByRole("button", { name: `Account: ${name}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await settled(page);
}

export async function invitation(owner: Page, note: string, role: string): Promise<string> {
  await owner.goto("/team");
  await settled(owner);
  await owner.getByLabel("Invite (a note for yourself)").fill(note);
  await owner.getByLabel("Role of the invitation").selectOption(role);
  await owner.getByRole("button", { name: "Make a link" }).click();
  const link = await owner.getByRole("status").filter({ hasText: "It is shown once" }).locator("code").textContent();
  return link!;
}
