import { beforeAll, expect, test } from "vitest";
import { claimRun } from "@/lib/runner/claim";
import { appendPoint, beginAttempt } from "@/test/attempts";
import { freshDatabase, seedRun } from "@/test/database";
import { GET } from "./route";

beforeAll(() => {
  freshDatabase();
});

/** The events that come until `enough` says so, each as its lines. */
async function eventsOf(headers: Record<string, string>, enough: (text: string) => boolean): Promise<string[][]> {
  const request = new Request("http://localhost:3000/api/runs/live/events", {
    headers: { host: "localhost:3000", ...headers },
  });
  const response = await GET(request, { params: Promise.resolve({ id: "live" }) });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = "";
  while (!enough(text)) text += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  return text
    .trim()
    .split("\n\n")
    .map((event) => event.split("\n"));
}

test("P2: a page gets the points that it has not got and the run; one that connects anew goes on after the last", async () => {
  seedRun("live");
  const attempt = { runId: "live", attempt: claimRun("runner", () => 1000)!.attempt };
  beginAttempt(attempt, 0);
  for (const step of [1, 2]) appendPoint(attempt, { step, loss: step }, 1000);
  const [points, run] = await eventsOf({}, (text) => text.includes("event: run"));
  const [event, id, data] = points!;
  expect(event).toBe("event: points");
  expect(JSON.parse(data!.slice("data: ".length)).map(({ step }: { step: number }) => step)).toEqual([1, 2]);
  expect(run!.map((line) => line.slice(0, 12))).toEqual(["event: run", 'data: {"id":']);

  appendPoint(attempt, { step: 3, loss: 3 }, 1000);
  const [later] = await eventsOf({ "last-event-id": id!.slice("id: ".length) }, (text) => text.includes("event: run"));
  expect(JSON.parse(later![2]!.slice("data: ".length)).map(({ step }: { step: number }) => step)).toEqual([3]);
});
