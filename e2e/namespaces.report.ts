// `npm run namespaces`: a team at two machines. Two browsers, each in a network namespace of its own, reach the workbench through Caddy with TLS
// alone: an owner invites, somebody elsewhere signs in and annotates, the owner reviews, trains and compares. Needs root.
import { type Browser, expect, test } from "@playwright/test";
import { behindCaddy, type Team } from "../test/behind-caddy";
import { elsewhere as browserElsewhere, invitation, join, settled, signIn, signOut } from "./pages/members";
import { here, type Machine, machine } from "./pages/namespaces";

const port = Number(process.env.E2E_PORT ?? 3417) + 6;
let team: Team;
let machines: [Machine, Machine];

test.beforeAll(async ({ launchOptions }) => {
  test.setTimeout(300_000);
  machines = [await machine(1, launchOptions), await machine(2, launchOptions)];
  team = await behindCaddy(port, undefined, here);
});
test.afterAll(async () => {
  team.close();
  for (const one of machines) await one.close();
});

const elsewhere = (browser: Browser) => browserElsewhere(browser, team.url);

test("people at two machines are invited, sign in, annotate, review, train and compare", async () => {
  test.setTimeout(300_000);
  const [first, second] = machines;
  const owner = await elsewhere(first.browser);
  await join(owner, team.owner, "olga");
  await expect(owner.getByRole("heading", { name: "Home" })).toBeVisible();

  const annotator = await elsewhere(second.browser);
  await annotator.goto(`http://127.0.0.1:${port}/`, { timeout: 5000 }).then(
    () => expect("the server behind the proxy").toBe("out of reach"),
    (error: Error) => expect(error.message).toContain("ERR_CONNECTION_REFUSED"),
  );
  await join(annotator, await invitation(owner, "Anna", "annotator"), "anna");
  await signOut(annotator, "anna");
  await signIn(annotator, "anna");
  await expect(annotator).toHaveURL(`${team.url}/annotate`);
  await annotator.goto("/annotate/1");
  await settled(annotator);
  const preferred = () =>
    annotator.evaluate(async () => {
      const { counts } = (await (await fetch("/api/queues/1/mine")).json()) as { counts: { preferred?: number } };
      return counts.preferred;
    });
  for (const done of [1, 2, 3]) {
    await annotator.keyboard.press(done % 2 ? "1" : "2");
    await expect.poll(preferred).toBe(done);
  }

  await owner.goto("/datasets/1/people");
  await expect(owner.getByRole("row", { name: /^anna/ }).first()).toBeVisible();

  const ids: string[] = [];
  for (const name of ["One", "Other"]) {
    const config = { method: "dpo", model: { source: "tiny" }, data: { maxLength: 64 }, batchSize: 2, maxSteps: 2 };
    const asked = { name, data: { kind: "queue", id: 1 }, config };
    const { id } = await owner.evaluate(async (body) => {
      const headers = { "content-type": "application/json" };
      return (await fetch("/api/runs", { method: "POST", headers, body: JSON.stringify(body) })).json();
    }, asked);
    ids.push(id);
    await owner.goto(`/runs/${id}`);
    await expect(owner.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
  }
  await owner.goto(`/compare?runs=${ids.join(",")}`);
  for (const name of ["One", "Other"]) await expect(owner.getByText(name, { exact: true }).first()).toBeVisible();

  await owner.goto("/team/audit");
  for (const { address } of machines) await expect(owner.getByText(address).first()).toBeVisible();
});
