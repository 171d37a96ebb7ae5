// `npm run openapi`: docs/openapi.json, the description of every route by OpenAPI 3.1, made from what each handler parses and answers with
// (lib/http/operation.ts) and from the comment above it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Operation } from "../lib/http/operation";
import { refusal } from "../spec/errors";
import { may, type Permission, roles } from "../spec/roles";
import { routesAsked } from "./access";

const root = join(import.meta.dirname, "..");
export const file = join(root, "docs", "openapi.json");

export interface Handler {
  permission: Permission;
  operation: Operation<unknown, unknown, unknown>;
}
export interface Route extends Handler {
  method: string;
  /** As app/ has it: /api/queues/[id]. */
  address: string;
  /** The comment above the handler. */
  about: string;
}

/** Every method of every route, with what its handler says of it. */
export async function describedRoutes(): Promise<Route[]> {
  return Promise.all(
    routesAsked().map(async ({ method, address }) => {
      const path = join(root, "app", address, "route.ts");
      const handlers = (await import(path)) as Record<string, Handler>;
      const { permission, operation } = handlers[method]!;
      return { method, address, permission, operation, about: commentOf(readFileSync(path, "utf8"), method) };
    }),
  );
}

function commentOf(source: string, method: string): string {
  const above = source.slice(0, source.indexOf(`\nexport const ${method} =`));
  return above.endsWith("*/") ? above.slice(above.lastIndexOf("/** ") + 4, -3).replaceAll(/\s*\n \* ?/g, " ") : "";
}

type Json = Record<string, unknown>;

/** What a client sends, and what it gets; schemas that have an id are collected under it, to be named. */
function schemaIn(named: Record<string, Json>, schema: z.ZodType, io: "input" | "output"): Json {
  const made = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
  const {
    $schema,
    $defs = {},
    ...whole
  } = JSON.parse(made.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & {
    $defs?: Record<string, Json>;
  };
  for (const [name, one] of Object.entries($defs)) {
    if (JSON.stringify(named[name] ?? one) !== JSON.stringify(one)) throw new Error(`two schemas are named ${name}`);
    named[name] = one;
  }
  return whole;
}

const pathOf = (address: string) => address.replaceAll(/\[(\w+)\]/g, "{$1}");
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const operationId = ({ method, address }: Route): string =>
  [
    method.toLowerCase(),
    ...address
      .replaceAll(/\[(\w+)\]/g, "by-$1")
      .split(/\W+/)
      .slice(2)
      .map(capital),
  ].join("");

function parameters({ address, operation: { query } }: Route, named: Record<string, Json>): Json[] {
  const inPath = [...address.matchAll(/\[(\w+)\]/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  if (!query) return inPath;
  const { properties, required = [] } = schemaIn(named, query, "input") as { properties: Json; required?: string[] };
  const asked = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
  return [...inPath, ...asked];
}

function requestBody({ body, file }: Route["operation"], named: Record<string, Json>): Json {
  if (body)
    return {
      requestBody: { required: true, content: { "application/json": { schema: schemaIn(named, body, "input") } } },
    };
  return file
    ? { requestBody: { required: true, description: file, content: { "application/octet-stream": {} } } }
    : {};
}

const refused = { $ref: "#/components/responses/Refusal" };

function responses({ permission, operation: { answer, status } }: Route, named: Record<string, Json>): Json {
  const content =
    answer instanceof z.ZodType
      ? { "application/json": { schema: schemaIn(named, answer, "output") } }
      : Object.fromEntries(answer.map((media) => [media, {}]));
  return {
    [status ?? 200]: { description: "Done.", content },
    ...(permission !== "public" && { 401: refused }),
    ...(!["public", "signed in"].includes(permission) && { 403: refused }),
    default: refused,
  };
}

/** A token's scopes have the names of the permissions. */
function security(permission: Permission): Json[] {
  if (permission === "public") return [];
  return [{ token: permission === "signed in" ? [] : [permission] }, { session: [] }];
}

const who = (permission: Permission): string =>
  permission === "public"
    ? "Answers everybody."
    : `Asks for: ${permission}. Roles: ${roles.filter((role) => may(role, permission)).join(", ")}.`;

const operationOf = (route: Route, named: Record<string, Json>): Json => ({
  operationId: operationId(route),
  tags: [route.address.split("/")[2]],
  description: [route.about, who(route.permission)].filter(Boolean).join(" "),
  security: security(route.permission),
  parameters: parameters(route, named),
  ...requestBody(route.operation, named),
  responses: responses(route, named),
});

const about = `Where the workbench serves a team, a script sends a token (Team, API tokens) with each request. On one's own machine nobody signs in;
what is done under somebody's name asks for the cookie that POST /api/me sets. Times are milliseconds since 1970.`;

/** The whole document. */
export function documentOf(routes: Route[]) {
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[pathOf(route.address)] ??= {};
    paths[pathOf(route.address)]![route.method.toLowerCase()] = operationOf(route, schemas);
  }
  const refusalSchema = schemaIn(schemas, refusal, "output");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return {
    openapi: "3.1.0",
    info: {
      title: "Alignment workbench",
      version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      description: about,
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas,
      responses: {
        Refusal: { description: "Why not, in a sentence.", content: { "application/json": { schema: refusalSchema } } },
      },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A token for scripts, limited to its scopes." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Secure-workbench.session_token",
          description: "A browser's session. Where the workbench is served by http, its name has no __Secure-.",
        },
      },
    },
  };
}

export const written = async (): Promise<string> => `${JSON.stringify(documentOf(await describedRoutes()), null, 1)}\n`;

if (process.argv[1] === import.meta.filename) writeFileSync(file, await written());
