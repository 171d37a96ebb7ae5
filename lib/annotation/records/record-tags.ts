// Tags of records, kept in memory as the tally keeps votes: each call reads only the rows added since the last one.
import { sql } from "drizzle-orm";
import { appDb, type Db } from "../../db/client";
import type { QueueTally } from "../judging/tally-state";
import { recordOf } from "./record-facts";

interface Tags {
  seen: number;
  /** By the record's id. */
  tags: Map<number, Set<string>>;
}

interface TagRow {
  seq: number;
  itemId: number;
  tag: string;
  tagged: number;
}

// On globalThis, since the bundler may load this file more than once.
const held = globalThis as { workbenchTags?: WeakMap<Db, Tags> };

/** Of all datasets. */
export function recordTagsNow(): ReadonlyMap<number, ReadonlySet<string>> {
  held.workbenchTags ??= new WeakMap();
  const known = held.workbenchTags.get(appDb()) ?? { seen: 0, tags: new Map() };
  held.workbenchTags.set(appDb(), known);
  const rows = appDb().all<TagRow>(
    sql`SELECT seq, item_id AS itemId, tag, tagged FROM record_tags WHERE seq > ${known.seen} ORDER BY seq`,
  );
  for (const { seq, itemId, tag, tagged } of rows) {
    const own = known.tags.get(itemId) ?? new Set();
    known.tags.set(itemId, own);
    if (tagged) own.add(tag);
    else own.delete(tag);
    known.seen = seq;
  }
  return known.tags;
}

/** They are read anew: what they were has been changed, which nothing but an erasure does. */
export const forgetTags = (): boolean => held.workbenchTags?.delete(appDb()) ?? false;

export const tagsOf = (record: number): string[] => [...(recordTagsNow().get(record) ?? [])].sort();

interface Tagging {
  itemIds: number[];
  tag: string;
  tagged: boolean;
}

/** Puts a tag on records or takes it off. Returns those that this changed, by which it can be undone. */
export function tagRecords(
  tally: QueueTally,
  annotatorId: number,
  { itemIds, tag, tagged }: Tagging,
  now: number,
): number[] {
  return appDb().transaction(
    () => {
      const tags = recordTagsNow();
      const records = new Set(itemIds.flatMap((id) => recordOf(tally, id)?.pair.id ?? []));
      const changed = [...records].filter((id) => (tags.get(id)?.has(tag) ?? false) !== tagged);
      appDb().run(sql`INSERT INTO record_tags (item_id, annotator_id, tag, tagged, created_at)
        SELECT value, ${annotatorId}, ${tag}, ${tagged ? 1 : 0}, ${now} FROM json_each(${JSON.stringify(changed)})`);
      return changed;
    },
    { behavior: "immediate" },
  );
}
