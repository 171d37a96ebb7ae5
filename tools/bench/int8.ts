// `npm run bench -- int8`: how far a model that is asked in 8 bits is from itself in float32, beside bfloat16, and beside the same weights without the
// rounding of what products read. `npm run figures` makes the table of docs/compression.md from it.
import { writeFileSync } from "node:fs";
import { say } from "../../common/command-line";
import { mean } from "../../spec/statistics";
import type { Tokens } from "../../trainers/data/tokenize";
import { fromInt8, toInt8 } from "../../trainers/engine/int8/codes";
import { tf } from "../../trainers/engine/tensorflow";
import { modelOf } from "../../trainers/evaluation/distance";
import { compared } from "../../trainers/gptqmodel/compare";
import { packingRows } from "../../trainers/gptqmodel/rows";
import { tokenBatch } from "../../trainers/inference/batches";
import { tokenLogProbs } from "../../trainers/inference/policy";
import { floatBytes } from "../../trainers/models/families";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import { int8Bytes } from "../../trainers/models/int8-bytes";
import { readModel } from "../../trainers/models/load";
import type { Model } from "../../trainers/models/model";
import { namesOf } from "../../trainers/models/names";
import { quantisedLayers } from "../../trainers/models/quantised-layers";
import { frozenWeights } from "../../trainers/models/weights";
import { writtenRows } from "../studies/written-rows";
import type { Int8Form, Int8Result } from "./int8-figures";

/** The weights rounded, to be multiplied in float32. */
function roundedWeights({ config, host }: LoadedFiles): Model {
  const layers = quantisedLayers(config, { quantisation: "int8", unquantised: [] });
  const { embedding, head } = namesOf(config);
  const rounded = (name: string) => {
    const found = host.get(name);
    if (!found || !layers.has(name)) return found;
    const { shape, data } = found;
    return {
      shape,
      data: tf.tidy(() => fromInt8(toInt8([tf.tensor2d(data, shape as [number, number])])).dataSync<"float32">()),
    };
  };
  const weights = frozenWeights(config, { get: rounded }, "float32");
  const matrix = host.get(`${config.tiedEmbeddings ? embedding : head}.weight`)!;
  const ownHead = fromInt8(toInt8([tf.tensor2d(matrix.data, matrix.shape as [number, number])]));
  return { config, weights: { ...weights, head: ownHead }, recompute: "none" };
}

/** Mean distance of the log-probabilities of the rows' tokens, in nats. */
function distanceOf(before: Model, after: Model, rows: Tokens[], pad: number): number {
  const apart = rows.flatMap((row) => {
    const [a, b] = tf.tidy(() => {
      const batch = tokenBatch([[row]], pad);
      return [before, after].map((model) => tokenLogProbs(model, null, batch).arraySync()[0]!);
    }) as unknown as [number[], number[]];
    const scored = row.completion_mask.slice(-a.length);
    return a.flatMap((x, t) => (scored[t] ? [Math.abs(x - b[t]!)] : []));
  });
  return mean(apart);
}

async function measured(name: string, source: string): Promise<Int8Result["models"][number]> {
  const files = await readModel(source);
  const { config, host, tokenizer } = files;
  const rows = (await packingRows(writtenRows(source), files, say)).measured.slice(0, 8);
  const before = modelOf(files);
  const bfloat16 = (): Model => ({ config, weights: frozenWeights(config, host, "bfloat16"), recompute: "none" });
  const bytes = floatBytes(config);
  const forms = [
    ["bfloat16", null, bfloat16],
    ["int8", int8Bytes(config), () => modelOf(files, "int8")],
    ["int8, what is multiplied with it not rounded", int8Bytes(config), () => roundedWeights(files)],
  ] as const;
  return {
    name,
    rows: rows.length,
    bytes,
    forms: forms.map(([form, bytes, made]): Int8Form => {
      const said: Int8Form[] = [];
      tf.tidy(() => {
        const model = made();
        const apart = distanceOf(before, model, rows, tokenizer.pad);
        const { perplexity, ...others } = compared(before, model, rows, tokenizer.pad);
        said.push({ form, bytes, apart, perplexity, ...others });
      }); // its weights go before the next come
      say(`${name}, ${form}: KL ${said[0]!.kl.mean}`);
      return said[0]!;
    }),
  };
}

export async function int8(): Promise<void> {
  const models: Int8Result["models"] = [];
  for (const [name, source] of [
    ["tiny", "tiny"],
    ["SmolLM2-135M-Instruct", "smollm2-135m-instruct"],
  ] as const) {
    models.push(await measured(name, source));
    writeFileSync("tools/bench/results/int8.json", `${JSON.stringify({ models } satisfies Int8Result, null, 1)}\n`);
  }
}
