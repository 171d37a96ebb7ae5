// A config file, YAML or JSON. A list of addresses may be the name of a file of them, one a line, beside the config.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { runFolder } from "../../common/env";
import { isRecord } from "../../common/json";
import { problems } from "../../spec/config";
import { FieldError } from "../../spec/field-error";
import { type CorpusConfig, corpusConfig } from "./corpus-schema";

export function readConfig(path: string): CorpusConfig {
  const value = yamlIn(path) ?? {};
  const urls = isRecord(value) && isRecord(value.urls) ? value.urls : null;
  const listed =
    urls &&
    Object.entries(urls).map(([name, list]) => [
      name,
      typeof list === "string" ? linesIn(resolve(dirname(path), list)) : list,
    ]);
  const parsed = corpusConfig.safeParse(listed ? { ...(value as object), urls: Object.fromEntries(listed) } : value);
  if (parsed.success) return withFolder(parsed.data);
  throw new FieldError(
    "config",
    problems(parsed.error)
      .map((one) => `${path}: ${one}`)
      .join("\n"),
  );
}

/** A reward model that is named as a run, as the run's folder. */
function withFolder(config: CorpusConfig): CorpusConfig {
  const { quality } = config;
  const id = /^run:(\w+)$/.exec(quality?.model ?? "")?.[1];
  return quality && id ? { ...config, quality: { ...quality, model: runFolder(id) } } : config;
}

function yamlIn(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new FieldError("config", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function linesIn(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
  } catch (cause) {
    throw new FieldError("config", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
