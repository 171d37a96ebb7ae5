import { statfsSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { Command } from "commander";
import { dataFolder } from "../../common/env";
import { makeFolder } from "../../scripts/setup/make-folder.mjs";

export const env = new Command("env")
  .description("print the versions and the hardware that this machine trains with")
  .action(async () => {
    const facts = await machineFacts();
    for (const [name, value] of Object.entries(facts)) process.stdout.write(`${name.padEnd(11)} ${value}\n`);
  });

async function machineFacts(): Promise<Record<string, unknown>> {
  const { default: Database } = await import("better-sqlite3");
  const { tf } = await import("../engine/tensorflow");
  const { matMulBfloat16, toBfloat16 } = await import("../engine/custom");
  const { nodeBackend } = await import("../engine/binding");
  const ones = tf.ones([4, 4]) as import("../engine/tensorflow").tf.Tensor2D;
  const sum = matMulBfloat16(ones, toBfloat16(ones), true).sum().dataSync()[0];
  const { binding, isUsingGpuDevice } = nodeBackend();
  const flags = await import("node:fs/promises").then(
    ({ readFile }) => readFile("/proc/cpuinfo", "utf8"),
    () => "",
  );
  makeFolder(dataFolder());
  const { bavail, bsize } = statfsSync(dataFolder());
  return {
    node: process.version,
    backend: `${tf.getBackend()} (@tensorflow/tfjs-node-gpu ${tf.version["tfjs-core"]})`,
    tensorflow: binding.TF_Version,
    device: isUsingGpuDevice ? "GPU" : `CPU: ${cpus()[0]?.model.trim()}`,
    threads: cpus().length,
    memory: `${(totalmem() / 1e9).toFixed(1)} GB`,
    bfloat16:
      sum === 64
        ? `works${/avx512_bf16|amx_bf16/.test(flags) ? ", in hardware" : ", emulated"}`
        : `gives ${sum} where 64 is right`,
    sqlite: new Database(":memory:").prepare("SELECT sqlite_version()").pluck().get(),
    "free disk": `${((bavail * bsize) / 1e9).toFixed(1)} GB at ${dataFolder()}`,
  };
}
