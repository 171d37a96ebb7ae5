// What the files of a model say of it, for the page of a model: its licence, tokenizer, chat template, and what it takes to hold. No weight is read.
import { statSync } from "node:fs";
import { GGMLQuantizationType, gguf } from "@huggingface/gguf";
import { z } from "zod";
import { groupBy } from "../../common/group-by";
import { modelPath } from "../../common/model-paths";
import { ggufTypes } from "../../spec/export-types";
import type { ModelFacts } from "../../spec/model-facts";
import { clauseTexts } from "./clauses";
import type { ModelConfig } from "./config";
import { embeddingShare } from "./embedding-share";
import { weightShapes } from "./families";
import { weightTypes } from "./formats/weight-files";
import { readModel } from "./load";
import { lookAtModel } from "./look";
import { cardOf } from "./model-card";
import { quantisedLayers } from "./quantised-layers";
import type { ChatTokenizer } from "./tokenizer";

/** Throws a sentence where there is no model that can be used. */
export async function factsOf(source: string): Promise<ModelFacts> {
  const path = modelPath(source);
  const look = await lookAtModel(source);
  const { config, tokenizer, notes } = await readModel(source);
  return {
    look,
    ...(statSync(path).isDirectory() ? ofFolder(path) : await ofGguf(path)),
    vocabulary: config.vocabSize,
    embeddingShare: embeddingShare(config),
    template: templateFacts(tokenizer),
    ends: [...tokenizer.ends].map((id) => tokenizer.show(id)),
    notes,
    languages: languageFacts(tokenizer),
    sizes: sizesOf(look.parameters),
    cacheBytesPerToken: 2 * 4 * config.layers * config.kvHeads * config.headDim,
    shape: { ...shapeOf(config), active: look.active ?? look.parameters },
  };
}

function shapeOf(config: ModelConfig): Omit<ModelFacts["shape"], "active"> {
  const { layers, hiddenSize, intermediateSize: f, mixture, heads, kvHeads, headDim, vocabSize } = config;
  const shapes = Object.entries(weightShapes(config));
  const inLinear = quantisedLayers(config, { quantisation: "nf4", unquantised: [] });
  const linear = shapes.filter(([name]) => inLinear.has(name)).map(([, shape]) => shape);
  const modules = [...groupBy(shapes, ([name]) => name.replace(/\.(weight|bias)$/, "")).values()];
  return {
    parameters: sum(shapes.map(([, shape]) => elements(shape))),
    linear: sum(linear.map(elements)),
    largest: Math.max(...modules.map((own) => sum(own.map(([, shape]) => elements(shape))))),
    sides: sum(linear.map(sum)),
    expertSides: layers * (mixture ? mixture.experts * (2 * f + hiddenSize + hiddenSize + f) : 0), // gate and up share an A
    ...{ layers, hiddenSize, heads, kvHeads, headDim, vocabulary: vocabSize },
  };
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const elements = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

type Stored = Pick<ModelFacts, "licence" | "storedAs">;

/** The licence that its model card names, as the Hub reads it. */
function ofFolder(folder: string): Stored {
  const { license, license_name: name } = licensed.parse(cardOf(folder));
  return { licence: (license === "other" && name) || license || null, storedAs: weightTypes(folder) };
}

const licensed = z
  .object({ license: z.string().optional().catch(undefined), license_name: z.string().optional().catch(undefined) })
  .catch({});

async function ofGguf(path: string): Promise<Stored> {
  const { metadata, tensorInfos } = await gguf(path, { allowLocalFile: true });
  const { "general.license": licence } = metadata as Record<string, unknown>;
  return {
    licence: typeof licence === "string" ? licence : null,
    storedAs: [...new Set(tensorInfos.map(({ dtype }) => GGMLQuantizationType[dtype]))].sort(),
  };
}

const exampleTurns = [
  { role: "system", content: "Answer in one sentence." },
  { role: "user", content: "What is the capital of France?" },
  { role: "assistant", content: "It is Paris." },
];

/** A conversation in its template; without the system turn where that is refused. */
function templateFacts(tokenizer: ChatTokenizer): ModelFacts["template"] {
  const source = tokenizer.template;
  if (source === null) return { source, example: null, problem: null };
  const problems: string[] = [];
  for (const turns of [exampleTurns, exampleTurns.slice(1)]) {
    try {
      const example = tokenizer.conversation(turns, false).map((id) => tokenizer.show(id));
      return { source, example: example.join(""), problem: problems[0] ?? null };
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { source, example: null, problem: problems.at(-1)! };
}

/** The same clauses in every language. */
function languageFacts(tokenizer: ChatTokenizer): ModelFacts["languages"] {
  const texts = clauseTexts().map(({ language, text }) => ({
    ...{ code: language, characters: [...text].length, tokens: tokenizer.encode(text).length },
  }));
  const english = texts.find(({ code }) => code === "en")!;
  return texts.map(({ code, characters, tokens }) => ({
    code,
    tokensPerCharacter: tokens / characters,
    againstEnglish: tokens / english.tokens,
  }));
}

/** As runs hold them in memory, then as files are exported, by their bits a weight. */
function sizesOf(parameters: number): ModelFacts["sizes"] {
  const bits = { float32: 32, bfloat16: 16, ...ggufTypes };
  const shown = ["float32", "bfloat16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M"] as const;
  return shown.map((precision) => ({ precision, bytes: Math.round((parameters * bits[precision]) / 8) }));
}
