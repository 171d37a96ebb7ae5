// Everything that app/ serves, asked by somebody of each role and by nobody. The lists are read from the files: what is added is asked too.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { may, type Role, roles, scopes } from "../spec/roles";
import { functionsOf, page, pagesAsked, routesAsked, written } from "../tools/access";
import { asked, freshTeam, handlersOf, joined, origin } from "./team";

const cookies = new Map<Role, string>();

beforeAll(async () => {
  freshTeam();
  for (const role of roles) cookies.set(role, await joined(`the_${role}`, role));
});

const routes = routesAsked();
const called = async (method: string, address: string, headers: Record<string, string>) => {
  const module = await handlersOf(address);
  const params = Promise.resolve(
    Object.fromEntries([...address.matchAll(/\[(\w+)\]/g)].map(([, name]) => [name, "1"])),
  );
  return module[method]!(asked(method, address.replace(/\[[^\]]+\]/g, "1"), headers), { params });
};

test("docs/access.md has every page and every route as they are (npm run access)", () => {
  expect(readFileSync(page, "utf8")).toBe(written());
  expect(routes.length).toBeGreaterThan(100);
  expect(pagesAsked().length).toBeGreaterThan(30);
});

describe.each(routes)("$method $address asks for $permission", ({ method, address, permission }) => {
  const refused = roles.filter((role) => !may(role, permission));
  test("whom it does not answer is refused: without a session, with another's or an ended one, by its role", async () => {
    if (permission !== "public")
      for (const cookie of ["", "workbench.session_token=made.up", "__Secure-workbench.session_token=made.up"])
        expect((await called(method, address, { cookie })).status, cookie).toBe(401);
    for (const role of refused) {
      const answer = await called(method, address, { cookie: cookies.get(role)! });
      expect([role, answer.status, await answer.json()]).toEqual([
        role,
        403,
        { error: expect.stringMatching(/permission/) },
      ]);
    }
  });

  test("a foreign host or page is refused before it is asked who it is", async () => {
    const cookie = cookies.get("owner")!;
    if (address !== "/api/health")
      for (const host of ["localhost:3000", "127.0.0.1", "evil.example", `evil.${new URL(origin).host}`])
        expect((await called(method, address, { cookie, host })).status, host).toBe(400);
    if (method === "GET") return;
    for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "same-site" }])
      expect((await called(method, address, { cookie, ...headers })).status).toBe(400);
  });
});

test("what a page shows to some alone says so in the words of spec/roles.ts, each of which the styles know", () => {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx"));
  const named = files.flatMap((file) =>
    [...readFileSync(join("app", file), "utf8").matchAll(/data-needs="([^"]+)"/g)].map(([, word]) => word!),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((word) => !(scopes as readonly string[]).includes(word))).toEqual([]);
  const styles = readFileSync("app/globals.css", "utf8");
  for (const scope of scopes) expect(styles.split(`[data-needs="${scope}"]`).length - 1, scope).toBe(2);
});

const served = (name: string) =>
  readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((file) => basename(file) === name)
    .map((file) => join("app", file));

test("pages, what is around them and their titles ask before they read anything", () => {
  const functions = [...served("page.tsx"), ...served("layout.tsx")].flatMap((file) => {
    const source = readFileSync(file, "utf8");
    const reads = /from "@\/lib\//.test(source);
    return functionsOf(source).map(({ name, first }) => ({ at: `${file}: ${name}`, first, reads }));
  });
  expect(functions.length).toBeGreaterThan(45);
  const silent = functions.filter(({ first, reads }) => reads && !first.startsWith("await allow("));
  expect(silent.map(({ at }) => at)).toEqual([]);
  expect([...served("default.tsx"), ...served("template.tsx")]).toEqual([]); // would be asked as well
});
