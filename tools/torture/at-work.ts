// The product while people annotate and a run trains, for faults that it has to live through without being started again.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createRandom } from "../../common/random";
import { freePort, killAll, partsOf, type Started, serving, start } from "../../test/server";
import { annotate, enter, importPairs, type Work } from "./annotators";
import type { Outcome, Setting } from "./experiment";
import { finished, launch, resultOf } from "./launched-run";
import { unsound } from "./stored-annotations";
import { configOf } from "./tiny-methods";

const people = 4;
const pauseMs = 200;
const longestMs = 120_000;
/** With two annotations each. */
const pairsPerFault = 100;

export interface AtWork {
  url: string;
  data: string;
  server: Started;
  work: Work;
  random: () => number;
  /** Waits until so many more annotations are acknowledged. */
  acknowledged(more: number): Promise<void>;
}

/** Does a fault `size` times; `fault` returns what it saw go wrong. Afterwards all has to be stored, and the runs to have the bits of one that nothing disturbed. */
export async function whileAtWork(
  { size, seed, folder, signal, say }: Setting,
  env: Record<string, string>,
  fault: (product: AtWork, n: number) => Promise<string[]>,
): Promise<Outcome> {
  const random = createRandom(seed, "at work");
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = start(data, port, env);
  const work: Work = { acknowledged: [], lost: 0, refused: [] };
  const failures: string[] = [];
  const ending = { done: false };
  const parts = () => [...partsOf(server, "next"), ...partsOf(server, "runner/main")].join();
  async function acknowledged(more: number): Promise<void> {
    const [before, until] = [work.acknowledged.length, Date.now() + longestMs];
    for (; work.acknowledged.length < before + more; await wait(10)) {
      if (server.child.exitCode !== null) throw new Error(`the product has ended:\n${server.output()}`);
      if (Date.now() > until)
        throw new Error(`nothing was acknowledged for ${longestMs / 1000} s:\n${server.output()}`);
    }
  }
  try {
    await serving(server, url);
    const names = Array.from({ length: people }, (_, i) => `annotator ${i + 1}`);
    const cookies = await Promise.all(names.map((name) => enter(url, name)));
    const queue = await importPairs(url, cookies[0]!, 100 + size * pairsPerFault);
    const train = async (name: string) => {
      const id = await launch(url, name, configOf("dpo", seed));
      const error = await finished(url, data, id, server);
      return error === null ? resultOf(url, data, id) : { error };
    };
    const expected = JSON.stringify(await train("undisturbed"));
    let runs = 0;
    const training = async () => {
      for (; !ending.done; runs++)
        if (JSON.stringify(await train(`disturbed ${runs}`)) !== expected) failures.push(`run ${runs} has other bits`);
    };
    const trained = training();
    const writers = names.map((name, i) =>
      annotate({ url, name, cookie: cookies[i]!, queue, random, pauseMs }, () => ending.done, work),
    );
    const [product, began] = [{ url, data, server, work, random, acknowledged }, parts()];
    let ran = 0;
    for (; ran < size && !signal.aborted; ran++) {
      await Promise.race([acknowledged(1), trained]);
      failures.push(...(await fault(product, ran)).map((what) => `${ran}: ${what}`));
      await acknowledged(people);
      failures.push(...unsound(data, work.acknowledged.slice(-200)).map((what) => `${ran}: ${what}`));
      if (parts() !== began) failures.push(`${ran}: web process or runner is another: ${server.output().slice(-500)}`);
      if (ran % 10 === 9)
        say(`${ran + 1} times, ${work.acknowledged.length} acknowledged, ${failures.length} failures`);
    }
    ending.done = true;
    await Promise.all([trained, ...writers]);
    failures.push(...unsound(data, work.acknowledged), ...work.refused);
    const seen = {
      "acknowledged annotations": work.acknowledged.length,
      "requests refused for now, sent again": work.lost,
      "runs meanwhile": runs,
    };
    return { ran, seen, most: {}, failures };
  } finally {
    ending.done = true;
    await killAll(server);
    await server.ended;
  }
}
