// LLaMA-Factory's dataset_info.json: which files there are, and what their columns and tags are called (its data/README.md).
import { z } from "zod";
import { FieldError } from "../../spec/field-error";
import { type ColumnRole, type RowMapping, rowMapping } from "../../spec/row-mapping";
import { isRecord } from "../json";

const names = z.string().min(1);
const entry = z.strictObject({
  file_name: names.optional(),
  hf_hub_url: names.optional(),
  ms_hub_url: names.optional(),
  om_hub_url: names.optional(),
  script_url: names.optional(),
  cloud_file_name: names.optional(),
  file_sha1: z.string().optional(),
  formatting: z.enum(["alpaca", "sharegpt", "openai"]).default("alpaca"),
  ranking: z.boolean().default(false),
  subset: names.optional(),
  split: names.default("train"),
  folder: names.optional(),
  num_samples: z.number().int().positive().optional(),
  columns: z
    .strictObject({
      prompt: names,
      query: names,
      response: names,
      history: names,
      messages: names,
      system: names,
      tools: names,
      images: names,
      videos: names,
      audios: names,
      chosen: names,
      rejected: names,
      kto_tag: names,
    })
    .partial()
    .default({}),
  tags: z
    .strictObject({
      role_tag: names,
      content_tag: names,
      user_tag: names,
      assistant_tag: names,
      observation_tag: names,
      function_tag: names,
      system_tag: names,
    })
    .partial()
    .default({}),
});
type Entry = z.infer<typeof entry>;

export interface DescribedSet {
  name: string;
  /** Beside the description, or on the Hub. */
  file: string | null;
  hub: { id: string; config: string | null; split: string } | null;
  mapping: RowMapping;
  /** How many rows are wanted of it. */
  rows: number | null;
}

const roles: Record<keyof Entry["columns"], ColumnRole> = {
  prompt: "instruction",
  query: "input",
  response: "completion",
  history: "history",
  messages: "messages",
  system: "system",
  tools: "tools",
  images: "images",
  videos: "images",
  audios: "images",
  chosen: "chosen",
  rejected: "rejected",
  kto_tag: "label",
};

/** Whether each entry is a set. The file of the same name that `save_to_disk` of Hugging Face's datasets writes is about one set, with texts in it. */
export const isDescription = (json: unknown): json is Record<string, unknown> =>
  isRecord(json) && Object.values(json).every(isRecord);

/** Every set of a description. Throws at the field that is not as LLaMA-Factory has it. */
export function describedSets(json: unknown): DescribedSet[] {
  const read = z.record(z.string(), entry).safeParse(json);
  if (read.success) return Object.entries(read.data).map(([name, one]) => described(name, one));
  const [issue] = read.error.issues;
  throw new FieldError(["dataset_info", ...issue!.path].join("."), issue!.message, { cause: read.error });
}

function described(name: string, one: Entry): DescribedSet {
  const columns = isOfPages(one)
    ? { [one.columns.prompt!]: "text" }
    : Object.fromEntries(
        Object.entries(one.columns).map(([what, column]) => [column, roles[what as keyof Entry["columns"]]]),
      );
  const file = one.file_name ?? null;
  const hub = one.hf_hub_url ? { id: one.hf_hub_url, config: one.subset ?? null, split: one.split } : null;
  return { name, file, hub, mapping: rowMapping.parse({ columns, ...turns(one) }), rows: one.num_samples ?? null };
}

/** LLaMA-Factory has the pages of pre-training as prompts without a response; prompts to answer are called so by their column too. */
const isOfPages = ({ formatting, ranking, columns }: Entry) =>
  formatting === "alpaca" &&
  !ranking &&
  Object.keys(columns).join() === "prompt" &&
  !/prompt|question|query|instruction|input/i.test(columns.prompt!);

/** Alpaca's rows have no turns. */
function turns({ formatting, tags }: Entry): Omit<RowMapping, "columns"> {
  if (formatting === "alpaca" || Object.keys(tags).length === 0) return {};
  const turn = { role: tags.role_tag ?? "from", content: tags.content_tag ?? "value" };
  const speakers = {
    [tags.user_tag ?? "human"]: "user" as const,
    [tags.assistant_tag ?? "gpt"]: "assistant" as const,
    [tags.observation_tag ?? "observation"]: "tool" as const,
    [tags.function_tag ?? "function_call"]: "function_call" as const,
    [tags.system_tag ?? "system"]: "system" as const,
  };
  return { turn, speakers };
}
