// What every answer carries, and what an address shows that names nothing.
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset } from "./pages/annotate";
import { finishedRun } from "./pages/runs";
import { test } from "./pages/test";

/** Violations of the page's policy that the browser saw, in its words. */
async function watched(page: Page): Promise<string[]> {
  const seen: string[] = [];
  page.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) seen.push(`${page.url()}: ${message.text()}`);
  });
  await page.addInitScript(() =>
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    ),
  );
  return seen;
}

/** A dataset whose answers hold all that Markdown and mathematics can bring. */
async function richAnswers(page: Page): Promise<number> {
  const rich =
    "# Title\n\n**bold** `code` $\\frac{1}{2}$\n\n$$\\sum_{i=1}^n i$$\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n![x](https://example.com/x.png)";
  return importDataset(page, "Rich answers", [{ prompt: "What is a half?", answers: [rich, "Plain."] }]);
}

test("the server keeps an idle connection longer than a proxy before it does, which would find it closed", async ({
  baseURL,
}) => {
  const { headers } = await fetch(`${baseURL}/api/health`);
  expect(headers.get("keep-alive")).toBe("timeout=150"); // Caddy: 120 seconds
});

test("F15: no page breaks its own content security policy: Markdown, mathematics, charts, forms and themes work under it", {
  tag: "@long",
}, async ({ page }) => {
  const seen = await watched(page);
  await enterAs(page, "Policy");
  const [queue, run] = [await richAnswers(page), await finishedRun(page.request, "For the policy")];
  const paths = [
    "/",
    "/annotate",
    `/annotate/${queue}`,
    "/datasets",
    "/datasets/add",
    "/datasets/1",
    "/datasets/1/records",
    "/datasets/1/quality",
    "/datasets/1/adjudication",
    "/datasets/1/export",
    "/datasets/1/settings",
    "/runs",
    "/runs/new",
    `/runs/${run}`,
    `/chat?a=${run}`,
    `/compare?runs=${run}&tab=charts`,
    "/nowhere",
  ];
  for (const path of paths) {
    await page.goto(path);
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined); // a run's page streams for good
    expect(await page.evaluate(() => document.documentElement.dataset.theme), path).toMatch(/light|dark/);
  }
  await page.goto(`/annotate/${queue}`);
  await expect(page.locator(".katex").first()).toBeVisible();
  await page.goto(`/runs/${run}`);
  await expect(page.locator(".uplot").first()).toBeVisible();
  expect(seen).toEqual([]);
});

test("F15: every answer forbids framing, sniffing and foreign referrers; pages name what may run, the API lets nothing run", async ({
  page,
}) => {
  const script = (await (await page.request.get("/")).text()).match(/\/_next\/static\/[^"]+\.js/)![0];
  for (const path of [
    "/",
    "/runs/new",
    "/nowhere",
    "/datasets/999",
    "/api/health",
    "/api/nowhere",
    "/api/queues/999/tasks",
    script,
  ]) {
    const headers = (await page.request.get(path)).headers();
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
    });
    if (path !== script) expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
  }
  const policy = async () => (await page.request.get("/")).headers()["content-security-policy"]!;
  const [first, second] = [await policy(), await policy()];
  expect(first).not.toContain("script-src 'self' 'unsafe-inline'");
  expect(first).not.toBe(second); // a nonce is for one answer
});

for (const path of [
  "/datasets/999",
  "/datasets/abc",
  "/datasets/999/quality",
  "/datasets/999/records",
  "/datasets/labelled/999",
  "/datasets/0x1/adjudication",
  "/annotate/999",
  "/annotate/1e0",
  "/runs/x",
  "/chat?a=x",
  "/runs/new?from=x",
  "/runs/new?queue=999",
  "/nowhere",
])
  test(`F16: ${path}, which is nothing, is a 404 with a sentence and the navigation`, async ({ page }) => {
    const answer = await page.goto(path);
    expect(answer!.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Runs", exact: true }).first()).toBeVisible();
  });

for (const [old, now] of [
  ["/data", "/datasets"],
  ["/runs/x/chat", "/chat"],
  ["/data/1", "/datasets/1"],
  ["/data/1/doctor", "/datasets/1/quality"],
  ["/data/1/review", "/datasets/1/adjudication"],
] as const)
  test(`the old address ${old} leads to ${now}`, async ({ page }) => {
    await page.goto(old);
    expect(new URL(page.url()).pathname).toBe(now);
  });
