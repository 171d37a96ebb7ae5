// A tiny Qwen3 as the Hub has larger ones: in two shards with an index, a tokenizer, and a file that nobody needs.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSafetensors } from "../trainers/models/formats/safetensors";
import { familyWeights } from "./family-models";

const tokenizer = "data/golden/trajectories/model";

export function shardedModel(): Record<string, Buffer> {
  const { config } = JSON.parse(readFileSync("data/golden/families/qwen3.json", "utf8")) as { config: object };
  const weights = [...familyWeights({ ...config })];
  const folder = mkdtempSync(join(tmpdir(), "workbench-shards-"));
  const half = Math.ceil(weights.length / 2);
  const shards = [weights.slice(0, half), weights.slice(half)].map((part, i) => {
    const name = `model-0000${i + 1}-of-00002.safetensors`;
    writeSafetensors(join(folder, name), new Map(part));
    return { name, part };
  });
  const map = shards.flatMap(({ name, part }) => part.map(([tensor]) => [tensor, name]));
  const json = (value: object) => Buffer.from(JSON.stringify(value));
  return {
    "config.json": json(config),
    "model.safetensors.index.json": json({ metadata: {}, weight_map: Object.fromEntries(map) }),
    ...Object.fromEntries(shards.map(({ name }) => [name, readFileSync(join(folder, name))])),
    ...Object.fromEntries(
      ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"].map((name) => [
        name,
        readFileSync(join(tokenizer, name)),
      ]),
    ),
    "consolidated.pth": Buffer.from("what nobody asked for"),
  };
}
