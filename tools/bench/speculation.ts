// What prompt lookup gains for one conversation at a time: an answer that repeats its prompt, and one that does not. With and without it in turn,
// in one process. Part of `npm run serving`; writes tools/bench/results/speculation.json, which `npm run figures` puts into docs/serve.md.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { heldInFull } from "../../spec/fields/model";
import { loadBase } from "../../trainers/inference/frozen-policy";
import { nativeModel } from "../../trainers/models/transformer";
import { continuousEngine } from "../../trainers/serve/continuous";
import type { Engine } from "../../trainers/serve/sequence";
import { promptLookup } from "../../trainers/serve/speculate";
import { type SpeculationResult, speculationText } from "./serving-figures";

const [rounds, tokens, length, context] = [5, 4, 128, 1024];
const passage =
  "The lighthouse at Cape Verin was built in 1871 by Martha Olsen, who had studied engineering in Bergen. It stands 41 metres tall, and its lamp can be seen from 22 nautical miles away. In 1934 the keeper's house burned down and was rebuilt in stone. Since 1988 the light has worked without a keeper, and the house is a small museum.";
const prompts = {
  "a text of its prompt": `Repeat the following text word for word, with 1871 replaced by 1872:\n\n${passage}`,
  "a story": "Write a story about a fox who learns to sail.",
};

const { model, tokenizer } = await loadBase({ source: "smollm2-135m-instruct", dtype: "bfloat16", ...heldInFull }, []);
const native = nativeModel(model, null);
if (!native) throw new Error("the project's own ops are not there: run npm start once");
const policy = { model, adapter: null, native };
const engineWith = (propose?: ReturnType<typeof promptLookup>) =>
  continuousEngine(() => policy, 1, context, native, propose);
const engines = { plain: engineWith(), lookup: engineWith(promptLookup(tokens)) };

const measured: SpeculationResult["answers"] = {};
for (const [name, content] of Object.entries(prompts)) {
  const prompt = tokenizer.conversation([{ role: "user", content }], true);
  const before = engines.lookup.counts();
  const seconds: SpeculationResult["answers"][string]["seconds"] = { plain: [], lookup: [] };
  for (let round = 0; round <= rounds; round++) {
    const plain = await answered(engines.plain, prompt);
    const lookup = await answered(engines.lookup, prompt);
    if (`${plain.ids}` !== `${lookup.ids}`) throw new Error("the two wrote different tokens");
    if (round === 0) continue; // reads the prompt
    seconds.plain.push(plain.seconds);
    seconds.lookup.push(lookup.seconds);
  }
  const { proposedTokens, acceptedTokens } = engines.lookup.counts();
  const [proposed, accepted] = [proposedTokens - before.proposedTokens, acceptedTokens - before.acceptedTokens];
  measured[name] = { seconds, proposed, accepted };
}
const result: SpeculationResult = {
  ...{ machine: cpus()[0]!.model.trim(), cores: cpus().length, tokens, length, answers: measured },
};
writeFileSync("tools/bench/results/speculation.json", `${JSON.stringify(result, null, 1)}\n`);
process.stdout.write(`${speculationText(result)}\n`);

async function answered(engine: Engine, prompt: number[]): Promise<{ ids: number[]; seconds: number }> {
  const began = performance.now();
  const ids = await new Promise<number[]>((resolve, reject) => {
    const ids: number[] = [];
    const plain = { topK: null, topP: null, bias: new Map(), frequencyPenalty: 0, presencePenalty: 0 };
    engine.submit({
      ...{ policy: "base", prompt, maxNewTokens: length, top: null, scorePrompt: false },
      drawing: { ...plain, temperature: 0, stream: "" },
      token(id) {
        ids.push(id);
        return false;
      },
      ended: (_, error) => (error === undefined ? resolve(ids) : reject(error)),
    });
  });
  return { ids, seconds: (performance.now() - began) / 1000 };
}
