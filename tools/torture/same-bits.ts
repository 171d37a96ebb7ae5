// The same config launched twice in one workbench: the second run finds what the first one has kept, as scores of the reference.
import { freePort, killAll, serving, start } from "../../test/server";
import type { Experiment, Outcome, Setting } from "./experiment";
import { finished, launch, resultOf } from "./launched-run";
import { configOf, methods } from "./tiny-methods";

const seeds = 3;

export const sameBits: Experiment = {
  name: "same-bits",
  fault: `every method with ${seeds} seeds, each config launched twice: with cold caches, then with warm ones`,
  demand: "both runs have the same adapter, optimizer, curve, evaluations and answers, to the bit",
  size: seeds * methods.length,
  unit: "configs",
  run,
};

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = start(folder, port);
  const failures: string[] = [];
  let ran = 0;
  const train = async (name: string, config: object): Promise<Record<string, string>> => {
    const id = await launch(url, name, config);
    const error = await finished(url, folder, id, server);
    if (error !== null) failures.push(`${name}: ${error}`);
    return error === null ? resultOf(url, folder, id) : {};
  };
  try {
    await serving(server, url);
    for (; ran < size && !signal.aborted; ran++) {
      const method = methods[ran % methods.length]!;
      const config = configOf(method, seed + Math.floor(ran / methods.length));
      const name = `${method}, seed ${config.seed}`;
      const [cold, warm] = [await train(`${name}, cold`, config), await train(`${name}, warm`, config)];
      const differing = Object.keys(cold).filter((part) => warm[part] !== cold[part]);
      if (differing.length > 0) failures.push(`${name}: ${differing.join(", ")} differ`);
      say(`${name}; ${failures.length} failures`);
    }
    return { ran, seen: { runs: 2 * ran }, most: { methods: Math.min(ran, methods.length) }, failures };
  } finally {
    await killAll(server);
    await server.ended;
  }
}
