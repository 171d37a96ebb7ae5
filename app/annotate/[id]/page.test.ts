// The annotation page where its database cannot be written: it records which records it shows.
import { join } from "node:path";
import Database from "better-sqlite3";
import { eq } from "drizzle-orm";
import { cookies } from "next/headers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { takeTasks } from "@/lib/annotation/judging/next-tasks";
import { noteServed } from "@/lib/annotation/judging/served";
import { openingList } from "@/lib/annotation/queues/list-queues";
import type { ScreenDto } from "@/lib/annotation/queues/queue-schema";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { appDb } from "@/lib/db/client";
import { items } from "@/lib/db/tables/items";
import { queues } from "@/lib/db/tables/queues";
import { signed } from "@/lib/people/cookie";
import { freshDatabase, seedQueue } from "@/test/database";
import AnnotateDatasetPage from "./page";

vi.mock("next/server", () => ({ connection: async () => {} })); // there is no request

let folder: string;
/** Records that only fill the disk. */
let spare: number[];
beforeAll(async () => {
  folder = freshDatabase();
  const queue = seedQueue(1000, 3, "spare");
  spare = itemsOf(queue);
  (await cookies()).set("annotator", signed(1));
});

const itemsOf = (queue: number): number[] => {
  const rows = appDb().select({ id: items.id }).from(items).where(eq(items.queueId, queue)).all();
  return rows.map(({ id }) => id);
};

async function opened(queue: number): Promise<ScreenDto> {
  const page = await AnnotateDatasetPage({
    params: Promise.resolve({ id: String(queue) }),
    searchParams: Promise.resolve({}),
  });
  const [, screen] = (page.props as { children: { props: { initial: ScreenDto } }[] }).children; // after its script
  return screen!.props.initial;
}

/** SQLite has no room for one more row of what was shown to whom. */
function fillDisk(): void {
  const { $client: sqlite } = appDb();
  sqlite.pragma(`max_page_count = ${sqlite.pragma("page_count", { simple: true })}`);
  expect(() => {
    for (const id of spare) noteServed(3, [{ id, mirror: false }]);
  }).toThrow(expect.objectContaining({ cause: expect.objectContaining({ message: "database or disk is full" }) }));
}
const makeRoom = () => void appDb().$client.pragma("max_page_count = 1000000");
afterEach(makeRoom);

const queueWith = (name: string, overlap: number | null) => {
  const queue = seedQueue(40, 0, name);
  appDb().update(queues).set({ overlap }).where(eq(queues.id, queue)).run();
  return queue;
};

test.each([null, 2])(
  "F4: on a full disk the annotation page opens with the records that were handed out before, and says why there are no more (overlap %s)",
  async (overlap) => {
    const queue = queueWith(`full ${overlap}`, overlap);
    const before = takeTasks(1, queue, 5, Date.now()).map(({ id }) => id);
    fillDisk();
    const screen = await opened(queue);
    expect(screen.tasks.map(({ id }) => id)).toEqual(before);
    expect(screen.problem).toBe("full");
    makeRoom();
    const after = await opened(queue);
    expect([after.tasks.length, after.problem]).toEqual([16, null]);
    expect(after.tasks.slice(0, 5).map(({ id }) => id)).toEqual(before);
  },
);

test("F4: who was handed out nothing yet gets a sentence on a full disk", async () => {
  const queue = queueWith("new", null);
  fillDisk();
  expect(await opened(queue)).toMatchObject({ tasks: [], problem: "full" });
});

test("F4: while another program holds the database the page and the list open with what was handed out before", async () => {
  const queue = queueWith("held", 2);
  const before = takeTasks(1, queue, 5, Date.now()).map(({ id }) => id);
  const other = new Database(join(folder, "app.db"));
  other.exec("BEGIN IMMEDIATE");
  const screen = await opened(queue);
  const list = await openingList(1, queueOf(String(queue)), { status: "pending", after: null });
  other.exec("ROLLBACK");
  expect(screen.tasks.map(({ id }) => id)).toEqual(before);
  expect(list.records.map(({ id }) => id)).toEqual(before.toSorted((a, b) => a - b)); // the list is in the dataset's order
  expect(list.problem).toBe(screen.problem);
  expect(screen.problem).toBe("held");
});
