// What stands between two lines of --- at the beginning of a README.md on the Hub.
import { parse } from "yaml";

/** Null where there is no header. Throws what the YAML parser throws. */
export function yamlHeader(readme: string): unknown {
  const [, yaml] = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(readme) ?? [];
  return yaml === undefined ? null : (parse(yaml) ?? {});
}
