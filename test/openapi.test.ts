// docs/openapi.json: whole, current and valid.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { operations } from "../lib/api/operations";
import { describedRoutes, file, type Route, written } from "../tools/openapi";
import { freshDatabase } from "./database";
import { asked, freshTeam, handlersOf, joined } from "./team";

let routes: Route[];
beforeAll(async () => {
  freshDatabase();
  routes = await describedRoutes();
});

const files = readdirSync("app/api", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("route.ts"));

test("every method of every route under app/api is in it as it is (npm run openapi)", async () => {
  expect(readFileSync(file, "utf8")).toBe(await written());
  const { paths } = JSON.parse(readFileSync(file, "utf8")) as { paths: Record<string, Record<string, unknown>> };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = await Promise.all(
    files.map(async (path) => {
      const address = join("/api", dirname(path));
      const methods = Object.keys(await handlersOf(address)).filter((name) => /^[A-Z]+$/.test(name));
      return methods.map((method) => `${method} ${address.replaceAll(/\[(\w+)\]/g, "{$1}")}`);
    }),
  );
  expect(described.toSorted()).toEqual(served.flat().toSorted());
  expect(described.length).toBeGreaterThan(140);
});

test("a validator of OpenAPI 3.1 finds nothing wrong with it, and it is what the server sends", async () => {
  const { GET } = await handlersOf("/api/openapi.json");
  vi.stubEnv("WORKBENCH_URL", "https://team.test");
  const answer = await GET!(asked("GET", "/api/openapi.json"), undefined);
  const document = (await answer.json()) as Record<string, unknown>;
  expect(document).toEqual(JSON.parse(readFileSync(file, "utf8")));
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect([errors, valid]).toEqual([undefined, true]);
  const broken = { ...document, paths: { "/api/x": { get: { responses: { 200: {} } } } } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test("a browser's session is in the cookie that it names", async () => {
  freshTeam();
  const { components } = JSON.parse(readFileSync(file, "utf8")) as {
    components: { securitySchemes: { session: { name: string } } };
  };
  expect((await joined("olga", "owner")).split("=")[0]).toBe(components.securitySchemes.session.name);
});

test("each says in a sentence what it does, no two have one name, and queries are objects by name", () => {
  const silent = routes.filter(({ about }) => !/^[A-Z].*\.$/.test(about));
  expect(silent.map(({ method, address }) => `${method} ${address}`)).toEqual([]);
  const { paths } = JSON.parse(readFileSync(file, "utf8")) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const names = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  expect(new Set(names).size).toBe(names.length);
  for (const { operation, address } of routes)
    if (operation.query) expect(operation.query, address).toBeInstanceOf(z.ZodObject);
});

test("what the command line asks by is what the routes parse and answer by", () => {
  for (const one of Object.values(operations)) {
    const route = routes.find(({ method, address }) => method === one.method && address === one.path);
    expect(route?.operation, `${one.method} ${one.path}`).toBe(one);
  }
});

test("no handler reads a query or a body beside what it has declared", () => {
  const withFile = routes.filter(({ operation }) => operation.file).map(({ address }) => address);
  for (const path of files) {
    const source = readFileSync(join("app/api", path), "utf8");
    expect(source, path).not.toMatch(/searchParams|new URL\(|\.json\(\)|\.formData\(\)/);
    const isSent = /\brequest\.body\b|readAtMost|uploadOf/.test(source);
    expect(isSent, path).toBe(withFile.includes(join("/api", dirname(path))));
  }
});
