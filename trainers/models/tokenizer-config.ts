// tokenizer_config.json as Transformers 5.23 reads it beside a tokenizer.json: what is used, what changes no id, and what is refused.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type FieldLists, parsedFields, readJson, refuseOthers } from "./fields";

const tokenText = z
  .union([z.string(), z.object({ content: z.string() }).transform((token) => token.content)])
  .nullish();
export const specialNames = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"] as const;
export type Specials = Partial<Record<(typeof specialNames)[number], string>>;

const namedTemplate = z.object({ name: z.string(), template: z.string() });
const extra = z.union([z.array(tokenText), z.record(z.string(), tokenText)]).nullish();
const schema = z.object({
  ...(Object.fromEntries(specialNames.map((name) => [`${name}_token`, tokenText])) as Record<
    `${(typeof specialNames)[number]}_token`,
    typeof tokenText
  >),
  chat_template: z.union([z.string(), z.array(namedTemplate)]).nullish(),
  extra_special_tokens: extra,
  additional_special_tokens: extra,
  added_tokens_decoder: z.record(z.string(), tokenText).nullish(),
});

/** Where there is a tokenizer.json, that decides how text is cut, what stands around it and what decoding leaves. */
const fields: FieldLists = {
  used: Object.keys(schema.shape),
  harmless: [
    ...["tokenizer_class", "processor_class", "name_or_path", "_name_or_path", "transformers_version", "auto_map"],
    ...["backend", "is_local", "local_files_only", "tokenizer_file", "vocab_file", "merges_file", "use_fast"],
    ...["special_tokens_map_file", "legacy", "from_slow", "unk_id", "bos_id", "eos_id", "pad_id", "sp_model_kwargs"],
    ...["add_bos_token", "add_eos_token", "add_prefix_space", "clean_up_tokenization_spaces", "do_lower_case"],
    ...["spaces_between_special_tokens", "use_default_system_prompt", "errors", "trim_offsets", "trust_remote_code"],
    ...["model_max_length", "max_len", "max_length", "truncation_side", "truncation_strategy", "stride"],
    ...["padding_side", "padding", "pad_to_multiple_of", "pad_token_type_id", "model_input_names", "device_map"],
    ...["model_specific_special_tokens", "response_schema", "chat_template_kwargs", "tokenizer_type"],
    "vocab_size",
  ],
  only: { split_special_tokens: [] },
};
const withAddedTokens = z.looseObject({ added_tokens: z.array(z.looseObject({ content: z.string() })).default([]) });

export interface TokenizerFiles {
  /** tokenizer.json */
  json: object;
  specials: Specials;
  template: string | null;
  /** For conversations with tools, where it is another. */
  toolTemplate: string | null;
}

/** Reads tokenizer.json, tokenizer_config.json and, where there is one, chat_template.jinja. Throws at what would give other ids. */
export function readTokenizerFiles(folder: string): TokenizerFiles {
  const source = join(folder, "tokenizer_config.json");
  const [file, added] = withOlderFiles(readJson(source), folder);
  refuseOthers(file, fields, source);
  const tokens = join(folder, "tokenizer.json");
  const json = readJson(tokens);
  const known = new Set(parsedFields(withAddedTokens, json, tokens).added_tokens.map(({ content }) => content));
  const config = parsedFields(schema, { ...classSpecials(file, known, folder), ...file }, source);
  const listed = [config.extra_special_tokens, config.additional_special_tokens, config.added_tokens_decoder].flatMap(
    (tokens) => Object.values(tokens ?? {}),
  );
  for (const token of [config.bos_token, config.eos_token, ...listed, ...added])
    if (token != null && !known.has(token))
      throw new Error(
        `${source} names the token ${JSON.stringify(token)}, which is none of the added tokens of tokenizer.json; save the tokenizer with Transformers so that both say the same`,
      );
  const path = join(folder, "chat_template.jinja");
  const own = existsSync(path) ? readFileSync(path, "utf8") : null;
  return {
    json,
    specials: Object.fromEntries(
      specialNames.flatMap((name) => {
        const token = config[`${name}_token`];
        return token == null ? [] : [[name, token]];
      }),
    ),
    template: own ?? defaultTemplate(config.chat_template, source),
    toolTemplate: own === null ? namedOf(config.chat_template, "tool_use") : null,
  };
}

/** Files of before added_tokens_decoder: special_tokens_map.json has the last word about special tokens, added_tokens.json lists further ones. */
function withOlderFiles(config: Record<string, unknown>, folder: string): [Record<string, unknown>, string[]] {
  if ("added_tokens_decoder" in config) return [config, []];
  const read = (name: string) => (existsSync(join(folder, name)) ? readJson(join(folder, name)) : {});
  return [{ ...config, ...read("special_tokens_map.json") }, Object.keys(read("added_tokens.json"))];
}

/** What Transformers takes GPT-2's tokenizer to have where the file does not say, as that of GPT-2 itself. */
function classSpecials(
  config: Record<string, unknown>,
  known: ReadonlySet<string>,
  folder: string,
): Record<string, string> {
  const isGpt2 =
    config.tokenizer_class === undefined
      ? existsSync(join(folder, "config.json")) && readJson(join(folder, "config.json")).model_type === "gpt2"
      : /^GPT2Tokenizer(Fast)?$/.test(String(config.tokenizer_class));
  const token = "<|endoftext|>";
  return isGpt2 && known.has(token) ? { bos_token: token, eos_token: token, unk_token: token } : {};
}

type Templates = z.infer<typeof schema>["chat_template"];

/** A folder may name several templates; the one to use is called "default", as in Transformers. */
function defaultTemplate(templates: Templates, source: string): string | null {
  if (!Array.isArray(templates)) return templates ?? null;
  const found = namedOf(templates, "default");
  if (found === null)
    throw new Error(
      `${source} names its chat templates ${templates.map(({ name }) => `"${name}"`).join(", ")}; one called "default" is needed`,
    );
  return found;
}

/** One of several templates by its name; "tool_use" is the one for conversations with tools. */
const namedOf = (templates: Templates, wanted: string): string | null =>
  (Array.isArray(templates) && templates.find(({ name }) => name === wanted)?.template) || null;
