// What a stranger needs to know of a run's model, as a model card in Hugging Face's form: README.md beside its weights.
import "server-only";
import { stringify } from "yaml";
import { fileHash } from "../../common/file-hash";
import { sourcesOf } from "../../spec/fields/data-sources";
import { methodOf } from "../../spec/methods/all";
import { ptxOf } from "../../spec/methods/sampling-of";
import type { Run } from "../db/tables/runs";
import { sourceOf } from "./data-source";
import { evaluationsOf } from "./evaluations";
import { fullConfig } from "./full-config";
import { lineageOf } from "./lineage";

/** The Hub's name for the package that reads its adapter. */
const adapterLibrary = ({ config }: Run) => (config.adapter?.type === "bottleneck" ? "adapter-transformers" : "peft");

/** `form`: as an adapter in PEFT's format, or worked into its base. `step`: null for the last one. */
export function modelCard(run: Run, form: "adapter" | "merged", step: number | null): string {
  const { label } = methodOf(run.config);
  const base = run.config.model.source;
  const [, hubId, revision] = /^hub:([^@]+)(?:@(.+))?$/.exec(base) ?? [];
  const { parent, uses } = lineageOf(run);
  const head = {
    library_name: form === "merged" ? "transformers" : adapterLibrary(run),
    ...(hubId && { base_model: hubId, base_model_relation: form === "adapter" ? "adapter" : "finetune" }),
    pipeline_tag: methodOf(run.config).produces === "reward-model" ? "text-classification" : "text-generation",
    tags: ["alignment-workbench", run.method, ...(form === "adapter" ? [run.config.adapter!.type] : [])],
  };
  const baseWords = hubId
    ? `[${hubId}](https://huggingface.co/${hubId})${revision ? ` at \`${revision}\`` : ""}`
    : `\`${base}\``;
  const from = [
    `- Base model: ${baseWords}.`,
    parent && `- Started from the run *${parent.name}*${parent.step === null ? "" : `, step ${parent.step}`}.`,
    ...uses.map(({ name }) => `- Uses what the run *${name}* made.`),
  ];
  return `---
${stringify(head)}---

# ${run.name}

${label} on ${base}, trained with Alignment workbench; ${step === null ? "after its last step" : `step ${step}`}.${run.remark ? `\n\n${run.remark}` : ""}

## Where it comes from

${from.filter(Boolean).join("\n")}

## Data

| dataset | weight | SHA-256 of its rows |
| --- | ---: | --- |
${dataRows(run).join("\n")}

## Settings

The run file; \`workbench train FILE.json\` runs it again.

\`\`\`json
${JSON.stringify(fullConfig(run), null, 2)}
\`\`\`

## Measured

Newest values of the run, ± a standard error${step === null ? "" : ", also where this is an earlier step"}.

| metric | value | |
| --- | ---: | --- |
${measuredRows(run.id).join("\n")}
`;
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function dataRows({ config }: Run): string[] {
  const row = (source: string, more: string, weight: number | "–") =>
    `| ${cell(`${sourceOf(source)?.name ?? source}${more}`)} | ${weight} | ${hashOf(source)} |`;
  const mix = config.output === undefined ? null : ptxOf(config); // of a run of another program nothing is known
  return [
    ...sourcesOf(config.data.train).map(({ source, weight }) => row(source, "", weight)),
    ...(mix ? [row(mix.texts, `, pre-training mix: ${mix.rows} a step, γ ${mix.coefficient}`, "–")] : []),
  ];
}

/** Of the rows as the run read them; what the workbench stores has a hash already. */
function hashOf(source: string): string {
  try {
    return `\`${sourceOf(source)?.sha256 ?? fileHash(source)}\``;
  } catch {
    return "no longer there";
  }
}

const short = (value: number) => Number(value.toPrecision(4));

const measuredRows = (id: string): string[] =>
  evaluationsOf(id).map(
    ({ name, label, value, error }) =>
      `| \`${name}\` | ${short(value)}${error === null ? "" : ` ± ${short(error)}`} | ${cell(label)} |`,
  );
