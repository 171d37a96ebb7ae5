// `npm run templates`: chat templates of public models, rendered here and by Transformers on rows of our own: the same token ids, or refused by
// both. The templates come with llama-cpp-python's source and with TRL, which pip fetches; none is kept. Writes tools/bench/results/templates.json, from
// which `npm run figures` makes a table in docs/models.md.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { chatTokenizer } from "../../trainers/models/tokenizer";
import { readTokenizerFiles } from "../../trainers/models/tokenizer-config";
import { command, folder, preparePeers, python, scratch } from "./prepare";
import type { TemplatesResult } from "./results";
import { type TemplateRow, templateRows } from "./template-rows";

const llamaCpp = "llama-cpp-python==0.3.36";
const tokenizer = "data/golden/trajectories/model";

type Said = { ids: number[] } | { refused: string };

preparePeers();
const templates = templateFiles();
const { version, said } = transformers(templates);
const { json, ...parts } = readTokenizerFiles(tokenizer);
const rows = templateRows.length;
const result: TemplatesResult = {
  versions: { transformers: version, templates: [llamaCpp, "trl==1.16.0"] },
  rows,
  templates: Object.fromEntries(
    templates.map((path) => {
      const text = readFileSync(path, "utf8");
      const own = said[path]!;
      const told = templateRows.flatMap((row, at) =>
        [false, true].map((prompt) => compared(own[at]![Number(prompt)]!, ours(text, row, prompt), row.what)),
      );
      const different = [...new Set(told.flatMap(({ differs }) => differs ?? []))];
      const hash = createHash("sha256").update(text).digest("hex");
      return [
        `${path.includes("/trl/") ? "trl: " : ""}${basename(path, ".jinja")}`,
        { sha256: hash, same: count(told, "same"), refused: count(told, "refused"), different },
      ];
    }),
  ),
};
writeFileSync("tools/bench/results/templates.json", `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);

/** Those of llama.cpp's collection, and those that TRL keeps for training. */
function templateFiles(): string[] {
  const found = join(folder, "llama-cpp-python-0.3.36", "templates");
  if (!existsSync(found)) {
    mkdirSync(found, { recursive: true });
    command(python, ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d", scratch, llamaCpp]);
    const archive = join(scratch, "llama_cpp_python-0.3.36.tar.gz");
    command("tar", ["-xzf", archive, "-C", found, "--strip-components=5", "--wildcards", "*/models/templates/*.jinja"]);
  }
  const lib = join(folder, "trl-1.16", "lib");
  const packages = join(lib, readdirSync(lib).find((name) => name.startsWith("python3"))!, "site-packages");
  return [found, join(packages, "trl", "chat_templates")].flatMap((from) =>
    readdirSync(from)
      .filter((name) => name.endsWith(".jinja"))
      .sort()
      .map((name) => join(from, name)),
  );
}

function transformers(paths: string[]): { version: string; said: Record<string, Said[][]> } {
  const job = join(scratch, "templates.json");
  writeFileSync(job, JSON.stringify({ tokenizer, templates: paths, rows: templateRows }));
  const { status, stdout, stderr } = spawnSync(python, ["tools/bench/peers/templates.py", job], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`templates.py failed with status ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as { version: string; said: Record<string, Said[][]> };
}

function ours(template: string, { messages, tools }: TemplateRow, generationPrompt: boolean): Said {
  try {
    const { conversation } = chatTokenizer(json, { ...parts, template, toolTemplate: null, ends: [], source: "it" });
    return { ids: conversation(messages, generationPrompt, tools && { tools }) };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

interface Compared {
  same?: true;
  refused?: true;
  /** Which row, and how. */
  differs?: string;
}

function compared(theirs: Said, own: Said, what: string): Compared {
  if ("refused" in theirs && "refused" in own) return { refused: true };
  if ("ids" in theirs && "ids" in own && theirs.ids.join() === own.ids.join()) return { same: true };
  if (process.env.SHOW) process.stderr.write(`${what}: ${JSON.stringify({ theirs, own }).slice(0, 600)}\n`);
  if ("refused" in own) return { differs: `${what}: refused here: ${own.refused.slice(0, 200)}` };
  if ("refused" in theirs) return { differs: `${what}: refused by Transformers only: ${theirs.refused.slice(0, 200)}` };
  return { differs: `${what}: other ids` };
}

function count(told: Compared[], name: "same" | "refused"): number {
  return told.filter((one) => one[name]).length;
}
