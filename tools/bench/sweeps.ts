// `npm run sweeps`: a sweep over nine learning rates on the real product, one run at a time and two, all to their end and stopped early where they
// are behind: how long it takes, how many steps it trains, and what its best run comes to. Writes tools/bench/results/sweeps.json, from which
// `npm run figures` makes docs/train.md. Ten minutes; let nothing else run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { demoPreset } from "../../lib/runs/presets";
import { freePort, serving, start } from "../../test/server";
import { enter } from "../torture/annotators";
import { type SweepsResult, sweepsText } from "./sweeps-figures";

const rates = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3];
const [steps, firstRung, factor] = [108, 12, 3];

const data = mkdtempSync(join(tmpdir(), "workbench-sweeps-"));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const server = start(data, port);
await serving(server, url);
const cookie = await enter(url, "sweeps");
const measured: SweepsResult["sweeps"] = [];
for (const [atOnce, early] of [
  [1, false],
  [1, true],
  [2, false],
  [2, true],
] as const)
  measured.push(await sweep(atOnce, early));
const result: SweepsResult = {
  ...{ machine: cpus()[0]!.model.trim(), cores: cpus().length },
  ...{ rates, steps, firstRung, factor, sweeps: measured },
};
writeFileSync("tools/bench/results/sweeps.json", `${JSON.stringify(result, null, 1)}\n`);
process.stdout.write(`${sweepsText(result)}\n`);
server.child.kill("SIGTERM");
await server.ended;
rmSync(data, { recursive: true });

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const headers = { cookie, "content-type": "application/json" };
  const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** From its launch to the end of its last run. */
async function sweep(atOnce: number, early: boolean): Promise<SweepsResult["sweeps"][number]> {
  await ask("PATCH", "/api/settings", { runsAtOnce: atOnce });
  const { data, config } = demoPreset;
  const halving = early ? { metric: "eval_loss", firstRung, factor } : undefined;
  const { ids } = (await ask("POST", "/api/runs", {
    name: `${atOnce} at once${early ? ", early" : ""}`,
    data,
    config: { ...config, maxSteps: steps, evalEvery: firstRung, sampleEvery: null, saveEvery: null },
    sweep: { fields: { "optimizer.learningRate": rates }, draws: null, ...(halving && { halving }) },
  })) as { ids: string[] };
  const began = performance.now();
  for (;;) {
    const all = (await ask("GET", "/api/runs?newest=9")) as Listed[];
    const own = all.filter(({ id }) => ids.includes(id));
    const failed = own.find(({ status }) => status === "failed");
    if (failed) throw new Error(`${failed.name} failed: ${failed.error}`);
    if (own.every(({ status }) => status === "finished" || status === "stopped")) {
      const whole = own.filter(({ status }) => status === "finished");
      const [best] = whole.toSorted((a, b) => a.latest.eval_loss! - b.latest.eval_loss!);
      return {
        ...{ atOnce, early, seconds: (performance.now() - began) / 1000 },
        steps: own.reduce((sum, { step }) => sum + step, 0),
        finished: whole.length,
        best: { rate: best!.name.split(" ").at(-1)!, loss: best!.latest.eval_loss! },
      };
    }
    await wait(200);
  }
}

interface Listed {
  id: string;
  name: string;
  status: string;
  error: string | null;
  step: number;
  latest: { eval_loss?: number };
}
