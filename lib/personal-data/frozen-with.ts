// Training sets that runs have frozen quote votes. They are called by their hashes, by which runs find them, so nothing in them is changed.
import { dataFolder } from "../../common/env";
import { appDb } from "../db/client";
import type { KnownPerson } from "./known-person";
import { partsOf } from "./names-in-text";

/** Those of datasets in whose votes somebody is named, in a sentence; before the votes are changed. */
export function frozenWith({ names }: KnownPerson): string[] {
  const named = partsOf(names);
  appDb().$client.function("names_them", { deterministic: true }, (text) =>
    Number(typeof text === "string" && text.search(named) >= 0),
  );
  const count = appDb()
    .$client.prepare(
      `SELECT count(DISTINCT sha256) FROM snapshots WHERE queue_id IN (SELECT i.queue_id FROM judgements v JOIN items i
        ON i.id = v.item_id WHERE names_them(v.rationale) OR names_them(v.rewrite) OR names_them(v.tags))`,
    )
    .pluck()
    .get() as number;
  if (count === 0) return [];
  return [
    `${count === 1 ? "A training set" : `${count} training sets`} that runs have frozen, in snapshots/ of ${dataFolder()}, may have the name in reasons of votes: it stays there until you delete ${count === 1 ? "it" : "them"}, and the runs on ${count === 1 ? "it" : "them"} cannot go on then.`,
  ];
}
