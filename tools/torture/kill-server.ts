// kill -9 of the web process, or of everything that `npm start` has started, at random moments while eight people annotate.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { createRandom } from "../../common/random";
import { freePort, kill, killAll, partsOf, type Started, serving, start } from "../../test/server";
import { annotate, enter, importPairs, type Work } from "./annotators";
import type { Experiment, Outcome, Setting } from "./experiment";
import { unsound } from "./stored-annotations";

const people = 8;
/** Between two annotations of one person. */
const pauseMs = 50;
/** How often what lies before somebody is given to others too, as after a quarter of an hour: a late annotation is an extra then. */
const lapseShare = 0.1;
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
        await killAll(server);
        await server.ended;
        [webKills, killed.all] = [0, killed.all + 1];
        server = start(folder, port);
      }
      failures.push(...unsound(folder, work.acknowledged.slice(before)));
      if (random() < lapseShare) lapse(folder);
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
    return { ran: killed.web + killed.all, seen, most: {}, failures };
  } finally {
    ending.done = true;
    await killAll(server);
    await server.ended;
  }
}

/** Until so many more annotations are. */
async function acknowledged(more: number, server: Started, work: Work): Promise<void> {
  for (const before = work.acknowledged.length; work.acknowledged.length < before + more; await wait(10))
    if (server.child.exitCode !== null) throw new Error(`the product has ended:\n${server.output()}`);
}

function lapse(folder: string): void {
  const db = new Database(join(folder, "app.db"), { timeout: 10_000 });
  db.prepare("UPDATE assignments SET expires_at = 0").run();
  db.close();
}
