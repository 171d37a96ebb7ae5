import { cookies } from "next/headers";
import { beforeAll, expect, test } from "vitest";
import { judge } from "@/lib/annotation/judging/judge";
import { takeTasks } from "@/lib/annotation/judging/next-tasks";
import { exporters } from "@/lib/datasets/snapshots/snapshot";
import { signed } from "@/lib/people/cookie";
import { freshDatabase, importRows, seedQueue } from "@/test/database";
import { GET } from "./route";

let queue: number;
let voted: string;
beforeAll(async () => {
  freshDatabase();
  seedQueue(0, 2);
  const known = { writers: ["WRITER-A", "WRITER-B"], source: "WRITER-SOURCE" };
  const gold = { verdict: "first", because: "GOLD-REASON" };
  queue = await importRows("secrets", [
    { prompt: "p0", answers: ["a", "b"], ...known },
    { prompt: "p1", answers: ["a", "b"], ...known },
    { prompt: "p2", answers: ["a", "b", "c"], writers: ["WRITER-A", "WRITER-B", "WRITER-C"], source: "WRITER-SOURCE" },
    { prompt: "p3", answers: ["a", "b"], ...known, gold },
  ]);
  const task = takeTasks(1, queue, 10, 0).find(({ prompt }) => prompt[0]!.content === "p1")!;
  voted = crypto.randomUUID();
  judge(1, { key: voted, itemId: task.id, choice: { kind: "left", strength: 1 }, activeMs: 1 }, 0);
});

const exported = async (rows: string) => {
  const request = new Request(`http://localhost:3000/x?rows=${rows}`, { headers: { host: "localhost:3000" } });
  const answer = await GET(request, { params: Promise.resolve({ id: String(queue) }) });
  return { status: answer.status, text: await answer.text() };
};

test.each(Object.keys(exporters))(
  "F14: rows=%s are for people who have said who they are, and hold no key of a vote",
  async (rows) => {
    (await cookies()).set("annotator", "");
    expect((await exported(rows)).status).toBe(401);
    (await cookies()).set("annotator", signed(1));
    const { status, text } = await exported(rows);
    expect(status).toBe(200);
    expect(text).not.toContain(voted);
  },
);

test("F14: by HTTP all pairs leave without what is right of gold ones, and with the writers of those only that one has judged", async () => {
  (await cookies()).set("annotator", signed(1));
  const rows = (await exported("items")).text.trim().split("\n");
  expect(rows.map((row) => /WRITER/.test(row))).toEqual([false, true, false, false]);
  expect(rows.join()).not.toMatch(/GOLD|verdict/);
  expect(JSON.parse(rows[0]!)).toEqual({ prompt: [{ role: "user", content: "p0" }], answers: ["a", "b"] });
  const whole = exporters.items(queue); // of the command line
  expect(whole.match(/WRITER-SOURCE/g)).toHaveLength(4);
  expect(whole).toContain("GOLD-REASON");
});
