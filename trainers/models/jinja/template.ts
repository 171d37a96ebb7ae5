// Chat templates as Transformers 5.23 renders them: Jinja in a sandbox, with Python's values. The parser is that of @huggingface/jinja; its
// interpreter writes JavaScript's values (true, 2 for 2.0, JSON for a dict) and overlooks what strip is asked for, so texts came out otherwise.
import { parse, tokenize } from "@huggingface/jinja";
import type { Node } from "./nodes";
import { render } from "./render";
import { within } from "./scope";
import { strftime } from "./strftime";
import { Attributes, fromJson, numberOf, text, type Value } from "./values";

export interface Template {
  /** `given`: variables of the template, as JSON holds them. Throws what the template raises. */
  render(given: Record<string, unknown>): string;
}

/** Throws where the text is no template. */
export function parseTemplate(source: string): Template {
  const lines = source.replace(/\r\n?/g, "\n");
  const { body } = parse(tokenize(lines, { lstrip_blocks: true, trim_blocks: true })) as unknown as { body: Node[] };
  return {
    render(given) {
      const names = Object.entries(given).flatMap(([name, value]): [string, Value][] =>
        value === undefined ? [] : [[name, fromJson(value)]],
      );
      return render(body, within(within(null, [...globals]), names));
    },
  };
}

const globals = new Map<string, Value>([
  ...["none", "None"].map((name): [string, Value] => [name, null]),
  ...["true", "True"].map((name): [string, Value] => [name, true]),
  ...["false", "False"].map((name): [string, Value] => [name, false]),
  ["raise_exception", raise],
  ["strftime_now", ([format]) => strftime(new Date(), text(format ?? null))],
  ["range", range],
  ["namespace", (args, named) => new Attributes(new Map([...entries(args[0]), ...named]), "namespace")],
  ["dict", (args, named) => new Map<Value, Value>([...entries(args[0]), ...named])],
]);

const entries = (value: Value | undefined): [string, Value][] =>
  value instanceof Map ? [...value].map(([key, item]) => [text(key), item]) : [];

function raise([message]: Value[]): never {
  throw new Error(text(message ?? null));
}

function range(args: Value[]): Value[] {
  const numbers = args.map((one) => numberOf(one)!);
  const [start, stop, step] = numbers.length === 1 ? [0, numbers[0]!, 1] : [numbers[0]!, numbers[1]!, numbers[2] ?? 1];
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (count > mostOfRange)
    throw new Error(`Range too big. The sandbox blocks ranges larger than MAX_RANGE=${mostOfRange}.`);
  return Array.from({ length: count }, (_, i) => start + i * step);
}

const mostOfRange = 100_000;
