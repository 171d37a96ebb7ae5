import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChatServer, chatServer, type Heard } from "../../../test/chat-server";
import { freshDatabase } from "../../../test/database";
import type { Endpoint } from "../../db/tables/endpoints";
import { endpointInput } from "../../endpoints/endpoint-schema";
import { addEndpoint, endpointNamed } from "../../endpoints/endpoints";
import { gradeAll, readPoints } from "./grade";

const prompt = [{ role: "user" as const, content: "Review The Quiet River." }];
const completion = (answer: string) => ({ prompt, answer });
const never = new AbortController().signal;
let server: ChatServer;
let marker: Endpoint;

const responseIn = ({ body: { messages } }: Heard) =>
  /\[response\]\n([\s\S]*?)\n\[end of response/.exec(messages[1]!.content)![1]!;

/** As many points as a response has letters; says first what is no JSON where it is "odd", and always where it is "never". */
beforeAll(async () => {
  freshDatabase();
  server = await chatServer((heard) => {
    const response = responseIn(heard);
    const isFirst = heard.body.messages.length === 2;
    if (response === "never" || (response === "odd" && isFirst)) return "Quite good!";
    if (response === "refused") return { status: 400, body: { error: { message: "no such model" } } };
    return `\`\`\`json\n{"reason": "Its letters.", "points": ${Math.min(10, response.length)}}\n\`\`\``;
  });
  const prices = { inputPrice: 1, outputPrice: 1, requestsPerMinute: 100_000 };
  addEndpoint(endpointInput.parse({ name: "Marker", baseUrl: server.url, model: "m", ...prices }), 0);
  marker = endpointNamed("marker");
});
afterAll(() => void server.server.close());

test("each completion has its points, in order; the same one is asked about once, and an answer that cannot be read once more", async () => {
  const answers = ["warm", "odd", "warm", "never", "a very long one"];
  const points = await gradeAll(marker, { rubric: "Is it kind?", completions: answers.map(completion) }, never);
  expect(points).toEqual([4, 3, 4, null, 10]);
  expect(server.heard.map(responseIn).sort()).toEqual(["a very long one", "never", "never", "odd", "odd", "warm"]);
  const [system, user] = server.heard[0]!.body.messages;
  expect(system!.content).toContain("It is graded by this:\nIs it kind?");
  expect(user!.content).toContain("[user]\nReview The Quiet River.\n[end of user]");
  await gradeAll(marker, { rubric: "Is it kind?", completions: [completion("warm")] }, never);
  expect(server.heard).toHaveLength(6); // the cache has it
});

test("what the endpoint refuses is said, and nothing more is asked", async () => {
  const before = server.heard.length;
  const completions = ["refused", ...Array.from({ length: 40 }, (_, i) => `late ${i}`)].map(completion);
  await expect(gradeAll(marker, { rubric: "Kind?", completions }, never)).rejects.toThrow(
    "Endpoint Marker gave no answer: 400 no such model",
  );
  expect(server.heard.length - before).toBeLessThan(40);
});

test("cancelled, it asks no more", async () => {
  const before = server.heard.length;
  await expect(
    gradeAll(marker, { rubric: "New?", completions: [completion("warm")] }, AbortSignal.abort()),
  ).rejects.toThrow();
  expect(server.heard).toHaveLength(before);
});

test.each([
  ["7", "the object"],
  ["seven", "it is no JSON object"],
  ['{"reason": "x", "points": 11}', "points"],
  ['{"reason": "", "points": 1}', "reason"],
  ['{"points": 1}', "reason"],
  ['{"reason": "x", "points": 1, "more": 2}', "the object"],
])("%s is no grade", (text, problem) => {
  expect(readPoints(text)).toEqual({ problem: expect.stringContaining(problem) });
});
