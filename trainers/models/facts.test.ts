import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import peers from "../../data/golden/requirements.json";
import { expertTargets } from "../../spec/adapters/common";
import { lora } from "../../spec/adapters/lora";
import { writeFamilyFolder } from "../../test/family-models";
import { tunerOf } from "../adapters/kinds";
import { embeddingShare } from "./embedding-share";
import { factsOf } from "./facts";
import { parseModelConfig } from "./families";
import { writeGguf } from "./formats/gguf-write";
import { readModel } from "./load";

function copyOfTiny(change: (folder: string) => void = () => {}): string {
  const copy = join(mkdtempSync(join(tmpdir(), "workbench-facts-")), "copy");
  cpSync(join("data", "tiny"), copy, { recursive: true });
  change(copy);
  return copy;
}
const withTemplate = (template: string | undefined) =>
  copyOfTiny((folder) => {
    const file = join(folder, "tokenizer_config.json");
    const json = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...json, chat_template: template }));
    rmSync(join(folder, "chat_template.jinja"), { force: true });
  });

test("tokens of each language are counted of the same clauses; English is what others are compared with", async () => {
  const { languages } = await factsOf("tiny");
  const { tokenizer } = await readModel("tiny");
  const { en, de } = JSON.parse(readFileSync("data/languages/clauses.json", "utf8")) as Record<
    "en" | "de",
    { begins: string[]; ends: string[] }
  >;
  const [english, german] = [en, de].map(({ begins, ends }) => [...begins, ...ends].join("\n")) as [string, string];
  const count = (text: string) => tokenizer.encode(text).length;
  expect(languages).toHaveLength(20);
  expect(languages.find(({ code }) => code === "en")).toMatchObject({ againstEnglish: 1 });
  expect(languages.find(({ code }) => code === "de")).toEqual({
    code: "de",
    tokensPerCharacter: count(german) / german.length,
    againstEnglish: count(german) / count(english),
  });
});

test("LoRA of rank 1 is as large as the page says, on a mixture's experts too", async () => {
  const { config } = JSON.parse(readFileSync("data/golden/families/olmoe.json", "utf8"));
  const folder = join(mkdtempSync(join(tmpdir(), "workbench-facts-")), "olmoe");
  writeFamilyFolder(folder, config);
  const { shape } = await factsOf(folder);
  const size = (targets: string[]) =>
    [...tunerOf(lora.parse({ rank: 1, targets }), parseModelConfig(config)).shapes.values()].reduce(
      (sum, [rows, columns]) => sum + rows! * columns!,
      0,
    );
  expect(shape.sides).toBe(size(["q_proj", "k_proj", "v_proj", "o_proj"]));
  expect(shape.expertSides).toBe(size([...expertTargets]));
  expect((await factsOf("tiny")).shape.expertSides).toBe(0);
});

test("the embedding's share of the parameters counts the head where that is another matrix", async () => {
  const { config } = await readModel("tiny");
  const { embeddingShare: share, shape } = await factsOf("tiny");
  const matrix = shape.vocabulary * shape.hiddenSize;
  expect(share).toBeCloseTo(matrix / shape.parameters, 12);
  const untied = { ...config, tiedEmbeddings: false };
  expect(embeddingShare(untied)).toBeCloseTo((2 * matrix) / (shape.parameters + matrix), 12);
});

test("the licence is what the model card's header names; its own name where that is other; none without a card, or with a broken one", async () => {
  const licenceWith = async (card: string | null) =>
    (await factsOf(copyOfTiny((folder) => card !== null && writeFileSync(join(folder, "README.md"), card)))).licence;
  expect(await licenceWith("---\nlicense: apache-2.0\n---\n# Tiny")).toBe("apache-2.0");
  expect(await licenceWith("---\nlicense: other\nlicense_name: falcon-llm\n---\n")).toBe("falcon-llm");
  expect(await licenceWith("---\nlicense: other\n---\n")).toBe("other");
  expect(await licenceWith("# No header")).toBeNull();
  expect(await licenceWith("---\nlicense: [\n---\n")).toBeNull();
  expect(await licenceWith(null)).toBeNull();
});

test("a conversation is shown in the template; one that takes no system message says so, one that fails says why", async () => {
  const templateOf = async (template: string | undefined) => (await factsOf(withTemplate(template))).template;
  expect((await templateOf("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}")).example).toBe(
    "system: Answer in one sentence.\nuser: What is the capital of France?\nassistant: It is Paris.\n",
  );
  const refusing =
    "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}{{ messages[0].content }}";
  expect(await templateOf(refusing)).toMatchObject({
    example: "What is the capital of France?",
    problem: expect.stringContaining("no system"),
  });
  expect(await templateOf("{{ raise_exception('never') }}")).toMatchObject({
    example: null,
    problem: expect.stringContaining("never"),
  });
  expect(await templateOf(undefined)).toEqual({ source: null, example: null, problem: null });
});

test("a GGUF file says its types; sizes are its parameters in each precision, and the cache that of its keys and values", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "workbench-facts-")), "tiny.gguf");
  writeGguf(file, "tiny", await readModel("tiny"), "Q8_0");
  const facts = await factsOf(file);
  expect(facts.storedAs).toEqual(["F32", "Q8_0"]);
  expect(facts.ends).toEqual(["<|im_end|>"]);
  const { config } = await readModel("tiny");
  expect(facts.sizes[0]).toEqual({ precision: "float32", bytes: 4 * facts.look.parameters });
  expect(facts.cacheBytesPerToken).toBe(2 * config.layers * config.kvHeads * config.headDim * 4);
});

test.each(peers.models)("parameters and the largest module of %j as DeepSpeed counts them", async (peer) => {
  const { shape } = await factsOf(peer.name === "../tiny" ? "tiny" : `data/golden/${peer.name}`);
  expect(shape).toMatchObject({ parameters: peer.parameters, largest: peer.largest });
  expect(4 * shape.parameters + peer.buffers).toBe(peer.size); // Accelerate's, which counts tables of angles too
});
