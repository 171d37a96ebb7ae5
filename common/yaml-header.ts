// What stands between two lines of --- at the beginning of a README.md on the Hub, and of other Markdown.
import { parse } from "yaml";

const header = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/;

/** Null where there is no header. Throws what the YAML parser throws. */
export function yamlHeader(readme: string): unknown {
  const [, yaml] = header.exec(readme) ?? [];
  return yaml === undefined ? null : (parse(yaml) ?? {});
}

export const withoutHeader = (markdown: string): string => markdown.replace(header, "");
