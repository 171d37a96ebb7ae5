// A Ray of two nodes on this machine: a head, on which no job runs, and a worker with two processors.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pythonWith } from "../../../common/python-environment";

const packages = ["ray[default]==2.60.0"];
const [gcs, dashboard] = [16_379, 18_265];

export interface Ray {
  version: string;
  /** Of the Jobs API. */
  address: string;
  startNode(): Promise<void>;
  loseNode(): void;
  stop(): void;
}

export async function startRay(): Promise<Ray> {
  const python = await pythonWith("ray", packages, (text) => process.stderr.write(`${text}\n`));
  const folder = mkdtempSync(join(tmpdir(), "ray-"));
  const program = join(dirname(python), "ray");
  const begin = (...args: string[]) =>
    spawn(program, ["start", "--block", "--disable-usage-stats", "--object-store-memory=100000000", ...args], {
      stdio: "ignore",
      detached: true,
    });
  const ports = [
    `--port=${gcs}`,
    `--dashboard-port=${dashboard}`,
    "--min-worker-port=20000",
    "--max-worker-port=20999",
  ];
  const head = begin("--head", "--num-cpus=0", `--temp-dir=${folder}`, "--dashboard-host=127.0.0.1", ...ports);
  const address = `http://127.0.0.1:${dashboard}`;
  while (
    !(await fetch(`${address}/api/version`).then(
      (answer) => answer.ok,
      () => false,
    ))
  )
    await wait(500);
  let worker = head;
  async function startNode(): Promise<void> {
    const workerPorts = ["--min-worker-port=21000", "--max-worker-port=21999"];
    worker = begin(`--address=127.0.0.1:${gcs}`, "--num-cpus=2", ...workerPorts);
    while (!hasWorker(program)) await wait(500);
  }
  await startNode();
  return {
    version: execFileSync(program, ["--version"], { encoding: "utf8" }).trim(),
    address,
    startNode,
    loseNode: () => process.kill(-worker.pid!, "SIGKILL"),
    stop() {
      for (const { pid } of [worker, head]) process.kill(-pid!, "SIGTERM");
    },
  };
}

function hasWorker(program: string): boolean {
  const status = execFileSync(program, ["status", `--address=127.0.0.1:${gcs}`], { encoding: "utf8" });
  return /\/2\.0 CPU/.test(status);
}
