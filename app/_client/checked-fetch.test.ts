import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { messagesIn } from "@/lib/messages/messages";
import { setHere, translateBy } from "../_messages/translate";
import { request } from "./checked-fetch";

beforeAll(() => setHere(translateBy("en", messagesIn("en"))));
afterEach(() => void vi.unstubAllGlobals());

test("D3: an answer is read by its schema; one of another version of the server asks for a reload and says what differs", async () => {
  const answered = (json: unknown) => vi.stubGlobal("fetch", async () => Response.json(json));
  const answer = z.object({ id: z.int() });
  answered({ id: 7, more: true });
  expect(await request("/api/x", answer)).toEqual({ id: 7 });
  answered({ number: 7 });
  await expect(request("/api/x", answer)).rejects.toThrow(/reload the page.*api.x, id: .*expected number/);
});
