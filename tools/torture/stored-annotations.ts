// Annotations in app.db, compared with those that the server has acknowledged.
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Acknowledged } from "./annotators";

interface Row {
  name: string;
  item_id: number;
  verdict: string;
  shown_left: string;
  strength: number;
  extra: number;
  n: number;
}

/** What is wrong in app.db: of the votes that were acknowledged, and at all. */
export function unsound(folder: string, acknowledged: Acknowledged[]): string[] {
  const db = new Database(join(folder, "app.db"), { readonly: true, timeout: 10_000 });
  try {
    const find = db.prepare<[string], Row>(
      `SELECT name, item_id, verdict, shown_left, strength, extra, count(*) OVER () AS n
       FROM judgements JOIN annotators ON annotators.id = annotator_id WHERE key = ? AND judgements.kind = 'vote'`,
    );
    const standing =
      "FROM judgements v LEFT JOIN judgements u ON u.undoes = v.seq WHERE v.kind = 'vote' AND u.seq IS NULL";
    const doubled = db
      .prepare(`SELECT v.item_id ${standing} GROUP BY v.item_id, v.annotator_id HAVING count(*) > 1`)
      .all();
    const tooMany = db
      .prepare(`SELECT v.item_id ${standing} AND NOT v.extra GROUP BY v.item_id HAVING count(*) > 2`)
      .all();
    const integrity = db.pragma("integrity_check", { simple: true });
    return [
      ...acknowledged
        .filter((vote) => !isStored(vote, find.get(vote.key)))
        .map((vote) => `acknowledged ${JSON.stringify(vote)}, stored ${JSON.stringify(find.get(vote.key))}`),
      ...doubled.map((row) => `one person's votes stand twice: ${JSON.stringify(row)}`),
      ...tooMany.map((row) => `more than two annotations count: ${JSON.stringify(row)}`),
      ...(integrity === "ok" ? [] : [`integrity_check: ${integrity}`]),
    ];
  } finally {
    db.close();
  }
}

const isStored = ({ name, itemId, side, strength, extra }: Acknowledged, row: Row | undefined): boolean =>
  row?.n === 1 &&
  row.name === name &&
  row.item_id === itemId &&
  row.strength === strength &&
  row.extra === Number(extra) &&
  (row.verdict === row.shown_left) === (side === "left");
