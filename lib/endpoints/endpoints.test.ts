import { beforeAll, expect, test } from "vitest";
import type { Role } from "../../spec/roles";
import { freshDatabase } from "../../test/database";
import { asAsked } from "../access/asked";
import { endpointInput } from "./endpoint-schema";
import { addEndpoint, changeEndpoint, endpointNamed, endpointOf, listEndpoints, removeEndpoint } from "./endpoints";

beforeAll(() => void freshDatabase());

const input = (name: string, more: object = {}) =>
  endpointInput.parse({ name, baseUrl: "http://127.0.0.1:9/v1/", model: "m", ...more });
const as = <T>(role: Role, work: () => T): T => {
  const user = { id: "1", name: "somebody", role, scopes: null, sessionId: null, annotatorId: null, language: null };
  return asAsked({ user, permission: "write" }, work);
};

test("what is left out is usual, and the address ends without a slash", () => {
  expect(input("a")).toEqual({
    ...{ name: "a", baseUrl: "http://127.0.0.1:9/v1", model: "m", keyVariable: null },
    ...{ inputPrice: 0, outputPrice: 0, requestsPerMinute: 60, spendingCap: null },
  });
  for (const wrong of [{ baseUrl: "ftp://a" }, { baseUrl: "http://me:secret@a/v1" }, { keyVariable: "sk-123 456" }])
    expect(endpointInput.safeParse({ ...input("a"), ...wrong }).success, JSON.stringify(wrong)).toBe(false);
});

test("in a team a researcher names endpoints, and only an owner says which key is sent where", () => {
  const open = as("researcher", () => addEndpoint(input("open"), 0));
  as("researcher", () => changeEndpoint(open, { baseUrl: "http://127.0.0.1:8/v1", spendingCap: 3 }));
  expect(() => as("researcher", () => addEndpoint(input("keyed", { keyVariable: "A_KEY" }), 0))).toThrow(
    "only an owner",
  );
  expect(() => as("researcher", () => changeEndpoint(open, { keyVariable: "A_KEY" }))).toThrow("only an owner");
  as("owner", () => changeEndpoint(open, { keyVariable: "A_KEY" }));
  expect(() => as("researcher", () => changeEndpoint(open, { baseUrl: "http://elsewhere/v1" }))).toThrow(
    "only an owner",
  );
  as("researcher", () => changeEndpoint(open, { requestsPerMinute: 5, keyVariable: "A_KEY" }));
  expect(endpointOf(open)).toMatchObject({
    keyVariable: "A_KEY",
    baseUrl: "http://127.0.0.1:8/v1",
    requestsPerMinute: 5,
  });
});

test("names are one endpoint's until it is removed", () => {
  const id = addEndpoint(input("Judge"), 0);
  expect(() => addEndpoint(input("judge"), 0)).toThrow("another endpoint is called judge");
  changeEndpoint(id, { name: "JUDGE" });
  expect(endpointNamed("judge").id).toBe(id);
  expect(endpointNamed(String(id)).id).toBe(id);
  removeEndpoint(id, 1);
  expect(() => endpointNamed("judge")).toThrow(/There is no endpoint judge; there are open\./);
  expect(listEndpoints().some(({ name }) => name === "JUDGE")).toBe(false);
  expect(addEndpoint(input("judge"), 2)).not.toBe(id);
});
