// Ways to sign in to a team's workbench besides a password alone.
import { expect, type Page } from "@playwright/test";
import { type TOTP, URI } from "otpauth";
import { behindCaddy, type Team } from "../test/behind-caddy";
import { type MailServer, mailServer } from "../test/mail-server";
import { client, type Oidc, oidcServer } from "../test/oidc-server";
import { freePort } from "../test/server";
import { findings } from "./pages/axe";
import { elsewhere, invitation, join, password, settled, signIn, signOut } from "./pages/members";
import { test } from "./pages/test";

let team: Team;
let provider: Oidc;
let mails: MailServer;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  team = await behindCaddy(Number(process.env.E2E_PORT ?? 3417) + 7, async (url) => {
    provider = await oidcServer(await freePort(), url);
    mails = await mailServer();
    return {
      ...{ WORKBENCH_SMTP: mails.address, WORKBENCH_MAIL_FROM: "workbench@example.org" },
      WORKBENCH_OIDC_ISSUER: provider.issuer,
      WORKBENCH_OIDC_CLIENT_ID: client.id,
      WORKBENCH_OIDC_CLIENT_SECRET: client.secret,
      WORKBENCH_OIDC_NAME: "Example Login",
    };
  });
});
test.afterAll(async () => {
  team.close();
  provider.close();
  await mails.close();
});

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

/** A device that has passkeys, in place of one of this machine. */
async function authenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  return { devtools, authenticatorId };
}

/** What the server says to a passkey that has asked nobody who uses it. */
const withoutVerification = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const options = await (await fetch("/api/auth/passkey/generate-authenticate-options")).json();
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options, userVerification: "discouraged" });
    const given = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
    const answer = await fetch("/api/auth/passkey/verify-authentication", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ response: given.toJSON() }),
    });
    return answer.status;
  });

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

test("a passkey is added, named, signs in without a password or a code, and is removed", async ({ browser }) => {
  test.setTimeout(120_000);
  const owner = await elsewhere(browser, team.url);
  await owner.goto("/sign-in");
  await settled(owner);
  await signIn(owner, "olga");
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();
  const { devtools, authenticatorId } = await authenticator(owner);
  await owner.goto("/account");
  await settled(owner);
  const card = owner.locator("section", { has: owner.getByRole("heading", { name: "Passkeys" }) });
  await card.getByLabel("Name of the passkey").fill("My phone");
  await card.getByRole("button", { name: "Add a passkey" }).click();
  await expect(card.getByRole("listitem")).toHaveText(/^My phone/);
  await isWhole(owner);
  await card.getByRole("button", { name: "Passkey: My phone. Change" }).click();
  await card.getByRole("textbox", { name: "Passkey", exact: true }).fill("My old phone");
  await owner.keyboard.press("Enter");
  await expect(card.getByRole("listitem")).toHaveText(/^My old phone/);
  await owner.reload();
  await expect(card.getByRole("listitem")).toHaveText(/^My old phone/);
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  expect(credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential])).toEqual([
    ["localhost", true],
  ]);

  await settled(owner);
  await signOut(owner, "olga");
  await isWhole(owner);
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  expect(await withoutVerification(owner)).toBe(401);
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await owner.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();

  await owner.goto("/team/audit");
  await expect(owner.getByRole("row").filter({ hasText: "verify-authentication" }).first()).toContainText("olga");
  await owner.goto("/account");
  await settled(owner);
  await card.getByRole("button", { name: "Remove My old phone" }).click();
  await expect(card.getByRole("listitem")).toHaveCount(0);
  await signOut(owner, "olga");
  await owner.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(owner.getByRole("alert").filter({ hasText: "not known here" })).toBeVisible();
});

/** Says who one is at the provider, and agrees. */
async function atProvider(page: Page, name: string, button = "Sign in with Example Login"): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("whoever was invited by e-mail comes in by the team's provider, and nobody else", async ({ browser }) => {
  const owner = await elsewhere(browser, team.url);
  await owner.goto("/sign-in");
  await settled(owner);
  await signIn(owner, "olga");
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();
  await owner.goto("/team");
  await settled(owner);
  await owner.getByLabel("E-mail address", { exact: true }).fill("rita@example.org");
  await isWhole(owner);
  await owner.getByLabel("Role of the invitation").selectOption("researcher");
  await owner.getByRole("button", { name: "Make a link" }).click();
  await expect(owner.getByText("rita@example.org, researcher")).toBeVisible();

  const rita = await elsewhere(browser, team.url);
  await rita.goto("/runs");
  await settled(rita);
  await isWhole(rita);
  await atProvider(rita, "rita");
  await expect(rita).toHaveURL(`${team.url}/runs`);
  await rita.goto("/account");
  await expect(rita.getByText("You sign in with Example Login, and have no password here.")).toBeVisible();
  await expect(rita.getByRole("heading", { name: "Passkeys" })).toHaveCount(0);

  const mallory = await elsewhere(browser, team.url);
  await mallory.goto("/sign-in");
  await settled(mallory);
  await atProvider(mallory, "mallory");
  await expect(mallory.getByRole("alert").filter({ hasText: "made by invitation" })).toBeVisible();
  await isWhole(mallory);
});

test("an account with a password is connected to the team's provider, which then lets in to it, and disconnected", async ({
  browser,
}) => {
  const owner = await elsewhere(browser, team.url);
  await owner.goto("/sign-in");
  await settled(owner);
  await signIn(owner, "olga");
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();
  await owner.goto("/account");
  await settled(owner);
  await atProvider(owner, "olga.elsewhere", "Connect Example Login");
  await expect(owner.getByText("Connected: Example Login lets you in.")).toBeVisible();
  await isWhole(owner);

  const other = await elsewhere(browser, team.url);
  await other.goto("/account");
  await settled(other);
  await atProvider(other, "olga.elsewhere");
  await expect(other.getByRole("heading", { name: "olga" })).toBeVisible();
  await settled(other);
  await other.getByRole("button", { name: "Disconnect Example Login" }).click();
  await expect(other.getByRole("button", { name: "Connect Example Login", exact: true })).toBeVisible();
  await owner.reload();
  await expect(owner).toHaveURL(/\/sign-in\?/); // every session but the one that disconnected has ended

  const third = await elsewhere(browser, team.url);
  await third.goto("/sign-in?to=/account");
  await settled(third);
  await signIn(third, "olga");
  await expect(third.getByRole("heading", { name: "olga" })).toBeVisible();
  await settled(third);
  await atProvider(third, "unverified.olga", "Connect Example Login");
  await expect(third.getByRole("alert").filter({ hasText: "Example Login was not connected" })).toBeVisible();
  await isWhole(third);

  const nora = await elsewhere(browser, team.url);
  await join(nora, await invitation(third, "Nora", "annotator"), "nora");
  await nora.goto("/account");
  await settled(nora);
  await atProvider(nora, "nora.elsewhere", "Connect Example Login");
  await expect(nora.getByText("Connected: Example Login lets you in.")).toBeVisible();
  await third.reload();
  const row = third.getByRole("row", { name: /^nora/ }).filter({ hasText: "connected" });
  await row.getByRole("button", { name: "Disconnect" }).click();
  await expect(third.getByText("nora is disconnected, and signed out everywhere.")).toBeVisible();
  await expect(row).toHaveCount(0);
  await nora.reload();
  await expect(nora).toHaveURL(/\/sign-in\?/);
});

/** The link in the mail that arrives next. */
async function mailedLink(count: number): Promise<string> {
  await expect.poll(() => mails.received.length, { timeout: 30_000 }).toBe(count);
  return /https:\S+/.exec(mails.received[count - 1]!.text)![0];
}

test("an invitation goes by mail, and whoever has forgotten the password gets a link the same way", async ({
  browser,
}) => {
  const owner = await elsewhere(browser, team.url);
  await owner.goto("/sign-in?to=/team");
  await settled(owner);
  await signIn(owner, "olga");
  await expect(owner.getByRole("heading", { name: "Accounts" })).toBeVisible();
  await settled(owner);
  await owner.getByLabel("E-mail address", { exact: true }).fill("mia@example.org");
  await owner.getByRole("button", { name: "Make a link" }).click();
  await owner.getByRole("button", { name: "Send by mail" }).click();
  await expect(owner.getByText("The link is sent to mia@example.org.")).toBeVisible();
  await isWhole(owner);

  const mia = await elsewhere(browser, team.url);
  await mia.goto(await mailedLink(1));
  await expect(mia.getByLabel("E-mail address")).toHaveValue("mia@example.org");
  await isWhole(mia);
  await join(mia, mia.url(), "mia");
  await signOut(mia, "mia");
  await mia.getByRole("button", { name: "Forgotten the password?" }).click();
  await mia.getByLabel("User name or e-mail address").fill("mia");
  await isWhole(mia);
  await mia.getByRole("button", { name: "Send the link" }).click();
  await expect(mia.getByText("If there is such an account")).toBeVisible();
  await mia.goto(await mailedLink(2));
  await expect(mia.getByLabel("Password")).toBeEnabled();
  await mia.getByLabel("Password").fill("another horse battery");
  await mia.getByRole("button", { name: "Choose this password" }).click();
  await expect(mia).toHaveURL(/\/sign-in$/);
  await settled(mia);
  await signIn(mia, "mia", "another horse battery");
  await expect(mia).toHaveURL(`${team.url}/annotate`);

  await owner.reload();
  await settled(owner);
  await expect(owner.getByRole("button", { name: "E-mail address of mia: mia@example.org" })).toBeVisible();
});
