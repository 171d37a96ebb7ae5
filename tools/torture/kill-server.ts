// kill -9 of the web process, or of everything that `npm start` has started, at random moments while eight people annotate.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { createRandom } from "../../common/random";
import { freePort, kill, killAll, partsOf, type Started, serving, start } from "../../test/server";
import { type Acknowledged, annotate, enter, importPairs, type Work } from "./annotators";
import type { Experiment, Outcome, Setting } from "./experiment";

const people = 8;
/** Between two annotations of one person. */
const pauseMs = 50;
const longestLife = 1500;
/** So often in a row the web process alone is killed: a part that dies more often is given up. */
const mostWebKills = 3;
/** What eight people annotate in a life at most, with two annotations each and half of it without a server. */
const pairsPerKill = Math.ceil((people * longestLife) / pauseMs / 4);

export const killServer: Experiment = {
  name: "kill-server",
  fault: `kill -9 of the web process, or of all processes, while ${people} people annotate`,
  demand: "no acknowledged annotation lost, changed or doubled, no record annotated too often, integrity_check ok",
  size: 1000,
  unit: "kills",
  run,
};

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  const random = createRandom(seed, "kill-server");
  const names = Array.from({ length: people }, (_, i) => `annotator ${i + 1}`);
  const work: Work = { acknowledged: [], lost: 0, refused: [] };
  const failures: string[] = [];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let server = start(folder, port);
  const ending = { done: false };
  try {
    await serving(server, url);
    const cookies = await Promise.all(names.map((name) => enter(url, name)));
    const queue = await importPairs(url, cookies[0]!, 100 + size * pairsPerKill);
    const killed = { web: 0, all: 0 };
    const writers = names.map((name, i) =>
      annotate({ url, name, cookie: cookies[i]!, queue, random, pauseMs }, () => ending.done, work),
    );
    for (let webKills = 0; killed.web + killed.all < size && !signal.aborted; ) {
      const before = work.acknowledged.length;
      await acknowledged(1, server, work); // it serves again
      await wait(longestLife * random());
      if (webKills < mostWebKills && random() < 0.7) {
        for (const pid of partsOf(server, "next")) kill(pid);
        [webKills, killed.web] = [webKills + 1, killed.web + 1];
      } else {
        killAll(server);
        await server.ended;
        [webKills, killed.all] = [0, killed.all + 1];
        server = start(folder, port);
      }
      failures.push(...unsound(folder, work.acknowledged.slice(before)));
      if ((killed.web + killed.all) % 20 === 0)
        say(`${killed.web + killed.all} kills, ${work.acknowledged.length} acknowledged, ${failures.length} failures`);
    }
    await acknowledged(2 * people, server, work); // what was in flight at the last kill too
    ending.done = true;
    await Promise.all(writers);
    failures.push(...unsound(folder, work.acknowledged), ...work.refused);
    const seen = {
      "kills of the web process": killed.web,
      "kills of all": killed.all,
      "acknowledged annotations": work.acknowledged.length,
      "of them as an extra, since the record had all of its annotations": work.acknowledged.filter(({ extra }) => extra)
        .length,
      "requests without an answer, sent again": work.lost,
    };
    return { ran: killed.web + killed.all, seen, failures };
  } finally {
    ending.done = true;
    killAll(server);
    await server.ended;
  }
}

/** Until so many more annotations are. */
async function acknowledged(more: number, server: Started, work: Work): Promise<void> {
  for (const before = work.acknowledged.length; work.acknowledged.length < before + more; await wait(10))
    if (server.child.exitCode !== null) throw new Error(`the product has ended:\n${server.output()}`);
}

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
function unsound(folder: string, acknowledged: Acknowledged[]): string[] {
  const db = new Database(join(folder, "app.db"), { readonly: true, timeout: 10_000 });
  try {
    const find = db.prepare<[string], Row>(
      `SELECT name, item_id, verdict, shown_left, strength, extra, count(*) OVER () AS n
       FROM judgements JOIN annotators ON annotators.id = annotator_id WHERE key = ? AND kind = 'vote'`,
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
