// Runs of every method whose trainer, or the runner, or everything is killed while it loads, steps, evaluates and saves.
import { setTimeout as wait } from "node:timers/promises";
import { createRandom, permutation } from "../../common/random";
import type { Method } from "../../spec/methods/all";
import { freePort, kill, killAll, partsOf, serving, start } from "../../test/server";
import type { Experiment, Outcome, Setting } from "./experiment";
import { eventsOf, finished, isSaving, launch, resultOf, type State, stateOf } from "./launched-run";
import { configOf, evalEvery, methods } from "./tiny-methods";

const phases = ["load", "steps", "evaluation", "save"] as const;
type Phase = (typeof phases)[number];
/** Of one run. */
const mostKills = 3;
const longestLoadMs = 1500;

export const killTrainers: Experiment = {
  name: "kill-trainers",
  fault: "kill -9 of the trainer, the runner or everything, for every method, at load, steps, evaluation and save",
  demand: "each run finishes; adapter, optimizer, curve, evaluations and answers have the bits of an undisturbed run",
  size: 200,
  unit: "kills",
  run,
};

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  const random = createRandom(seed, "kill-trainers");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let server = start(folder, port);
  const [seen, failures]: [Record<string, number>, string[]] = [{ runs: 0 }, []];
  const expected = new Map<Method, Record<string, string>>();
  const order = permutation(methods.length, random);
  const finish = (id: string) => finished(url, folder, id, server);
  try {
    await serving(server, url);
    let killed = 0;
    for (let tried = 0; killed < size && tried < 3 * size && !signal.aborted; tried++) {
      const method = methods[order[tried % methods.length]!]!;
      const config = configOf(method, seed);
      if (!expected.has(method)) {
        const id = await launch(url, `${method} undisturbed`, config);
        const error = await finish(id);
        if (error !== null) throw new Error(`${method} undisturbed: ${error}`);
        expected.set(method, await resultOf(url, folder, id));
      }
      const id = await launch(url, `${method} killed`, config);
      const told: string[] = [];
      for (let [own, attempt] = [0, 0]; own < mostKills && killed < size; own++) {
        const phase = phases[killed % phases.length]!;
        const state = await reached(folder, id, phase, attempt, random);
        if (state === null) break; // it has finished before
        const target = random() < 0.7 ? "trainer" : random() < 0.5 ? "runner" : "all";
        if (target === "trainer") kill(state.pid!);
        if (target === "runner") for (const pid of partsOf(server, "runner/main")) kill(pid);
        if (target === "all") {
          await killAll(server);
          await server.ended;
          server = start(folder, port);
          await serving(server, url);
        }
        attempt = state.attempt;
        told.push(`${target} at ${phase}`);
        for (const what of [`at ${phase}`, `of ${target}`]) seen[what] = (seen[what] ?? 0) + 1;
        killed++;
      }
      const error = await finish(id);
      const result = error === null ? await resultOf(url, folder, id) : {};
      const differing = Object.keys(expected.get(method)!).filter(
        (part) => result[part] !== expected.get(method)![part],
      );
      const where = `${method}, killed ${told.join(", ")}`;
      if (error !== null) failures.push(`${where}: ${error}`);
      else if (differing.length > 0) failures.push(`${where}: ${differing.join(", ")} differ`);
      seen.runs!++;
      say(`${where}: ${failures.at(-1)?.startsWith(where) ? failures.at(-1) : "the same bits"} (${killed} kills)`);
    }
    return { ran: killed, seen, most: {}, failures };
  } finally {
    await killAll(server);
    await server.ended;
  }
}

/** Waits until an attempt after `before` is in the phase; null where the run ends without. */
async function reached(
  data: string,
  id: string,
  phase: Phase,
  before: number,
  random: () => number,
): Promise<State | null> {
  const late = random() * longestLoadMs;
  const least = 1 + Math.floor(2 * random());
  for (;;) {
    const state = stateOf(data, id);
    if (state.status === "finished" || state.status === "failed") return null;
    if (state.attempt > before && state.pid !== null) {
      if (phase === "load") {
        await wait(late);
        return state;
      }
      const logged = eventsOf(data, id, state.attempt).filter(({ event }) => event === "metrics");
      const step = logged.at(-1)?.step ?? 0;
      if (phase === "steps" && logged.length >= least) return state;
      if (phase === "evaluation" && step > 0 && (step + 1) % evalEvery === 0) return state;
      if (phase === "save" && isSaving(data, id)) return state;
    }
    await wait(phase === "save" ? 1 : 5);
  }
}
