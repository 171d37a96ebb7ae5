import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { messagesIn } from "@/lib/messages/messages";
import { setHere, translateBy } from "../_messages/translate";
import { request } from "./fetch";

beforeAll(() => setHere(translateBy("en", messagesIn("en"))));
afterEach(() => {
  vi.unstubAllGlobals();
});
const answered = (status: number, text: string) =>
  vi.stubGlobal("fetch", async () => new Response(text, { status, headers: { "content-type": "application/json" } }));

test("D3: a refusal is an error in the server's words, with its fields", async () => {
  const problems = [{ path: "name", message: "Name it." }];
  answered(400, JSON.stringify({ error: "Not so.", problems, refused: "vote" }));
  await expect(request("/api/x")).rejects.toMatchObject({ status: 400, message: "Not so.", problems, refused: "vote" });
});

test.each([
  ["JSON of somebody else", '{"message": "Bad gateway"}', "The server answered 502, and does not say why."],
  ["a page", "<html>", "The server answered 502, and not in JSON."],
])(
  "D3: where %s comes instead of an answer of ours, the error says what the server answered",
  async (_, text, words) => {
    answered(502, text);
    await expect(request("/api/x")).rejects.toMatchObject({ status: 502, message: words, problems: [] });
  },
);
