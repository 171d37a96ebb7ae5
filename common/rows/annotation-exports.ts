// What Argilla and Label Studio export: fields that people were shown, and what each of them said. The answer that most of them prefer is
// the chosen one; where they are split, there is no label. The fields are what a user asked and what an assistant answered, as both tools show
// them, so a prompt in plain text is a turn of the user, and not the beginning of a text that the answer goes on with.
import { isRecord } from "../json";
import type { Layout } from "./layout";
import { asTurns, readPrompt } from "./messages";
import { type Columns, question } from "./questions";

/** Argilla's records, as `to_json` writes them, or with a column for each question, as on the Hub. */
export function argilla(row: Columns): Layout | null {
  const nested = isRecord(row.fields) && isRecord(row.responses);
  const answered = nested ? (row.responses as Columns) : hubResponses(row);
  if (Object.keys(answered).length === 0) return null;
  const given = Object.fromEntries(Object.entries(answered).map(([name, said]) => [name, submitted(said)]));
  const fields = nested ? (row.fields as Columns) : row;
  const uses = nested
    ? ["id", "fields", "responses", "suggestions", "metadata", "status", "vectors", "_server_id"]
    : Object.keys(row).filter((name) => /\.(responses|suggestion)(\.|$)|^_server_id$|^status$/.test(name));
  const made = labelledBy(fields, Object.entries(given));
  return {
    name: "Argilla",
    uses: [...uses, ...(nested ? [] : Object.keys(fields).filter((name) => !/[._]/.test(name)))],
    row: made,
  };
}

const hubResponses = (row: Columns): Columns =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, values]) => {
      const [, asked] = /^(.+)\.responses$/.exec(name) ?? [];
      if (asked === undefined || !Array.isArray(values)) return [];
      const statuses = row[`${name}.status`];
      const said = values.map((value, i) => ({ value, status: Array.isArray(statuses) ? statuses[i] : "submitted" }));
      return [[asked, said]];
    }),
  );

const submitted = (said: unknown): unknown[] =>
  [said]
    .flat()
    .filter(isRecord)
    .filter(({ status }) => status === undefined || status === "submitted")
    .map(({ value }) => value);

/** Label Studio's tasks with their annotations, as its JSON export has them. */
export function labelStudio(row: Columns): Layout | null {
  const { data, annotations } = row;
  if (!isRecord(data) || !Array.isArray(annotations)) return null;
  const results = annotations
    .filter(isRecord)
    .filter(({ was_cancelled }) => was_cancelled !== true)
    .flatMap(({ result }) => (Array.isArray(result) ? result.filter(isRecord) : []));
  const said = new Map<string, unknown[]>();
  for (const { from_name, type, value } of results) {
    const name = String(from_name ?? type);
    said.set(name, [...(said.get(name) ?? []), ...(isRecord(value) ? [saidOf(value, type)] : [])]);
  }
  return { name: "Label Studio", uses: Object.keys(row), row: labelledBy(data, [...said]) };
}

function saidOf(value: Columns, type: unknown): unknown {
  if (type === "pairwise" || value.selected !== undefined) return value.selected;
  if (Array.isArray(value.choices)) return value.choices[0];
  if (value.ranker !== undefined)
    return Array.isArray(value.ranker) ? value.ranker : Object.values(value.ranker as object)[0];
  if (Array.isArray(value.text)) return value.text.join("\n");
  return value.text ?? value.rating;
}

const answerNames = /^(answer|response|completion|generation|output|chosen|rejected|text)s?[-_ ]?\w*$/i;

/** What people said of the answers among these fields, in TRL's columns. */
function labelledBy(fields: Columns, said: [string, unknown[]][]): Columns {
  const asked = question(fields);
  if (!asked)
    throw new Error("fields hold no prompt; a field prompt, instruction, question, query or input is expected");
  const names = Object.keys(fields).filter(
    (name) => !asked.uses.includes(name) && answerNames.test(name) && typeof fields[name] === "string",
  );
  const prompt = asTurns(readPrompt(asked.prompt), "user");
  const told = said.filter(([, values]) => values.length > 0);
  if (told.length === 0) throw new Error("nobody has submitted a response to it");
  for (const [, values] of told) {
    const made = ranking(fields, names, values) ?? preference(fields, names, values) ?? label(fields, names, values);
    if (made) return { prompt, ...made };
  }
  const rewritten = told.find(([, values]) => values.some((value) => typeof value === "string"));
  if (rewritten) return { prompt, completion: rewritten[1].findLast((value) => typeof value === "string") };
  throw new Error(
    `what was said of it (${told.map(([name]) => name.slice(0, 40)).join(", ")}) neither names one of its answers nor is good or bad`,
  );
}

/** Lists that put the answers in order: of names, or of names with ranks. */
function ranking(fields: Columns, names: string[], values: unknown[]): Columns | null {
  const orders = values.filter(Array.isArray).map((list) => new Map(list.map((one, i) => placed(one, i))));
  const ranks = names.map((name) => orders.map((order) => order.get(name)));
  if (orders.length === 0 || names.length < 2 || ranks.flat().some((rank) => rank === undefined)) return null;
  const mean = (numbers: (number | undefined)[]) =>
    numbers.reduce<number>((sum, one) => sum + one!, 0) / numbers.length;
  return { completions: names.map((name) => fields[name]), ranks: ranks.map(mean) };
}

const placed = (one: unknown, i: number): [string, number] =>
  isRecord(one) ? [String(one.value ?? one.id), Number(one.rank ?? i + 1)] : [String(one), i + 1];

/** Votes for one of two or more answers, by its name, its letter, its number or its side. */
function preference(fields: Columns, names: string[], values: unknown[]): Columns | null {
  if (names.length < 2) return null;
  const votes = values.map((value) => indexOf(String(value), names));
  if (votes.some((vote) => vote === null)) return null;
  const counts = names.map((_, i) => votes.filter((vote) => vote === i).length);
  const most = Math.max(...counts);
  const best = counts.indexOf(most);
  if (counts.filter((count) => count === most).length > 1)
    throw new Error("as many people prefer one answer as another, which gives no pair");
  const others = names.filter((_, i) => i !== best).map((name) => fields[name]);
  if (others.length === 1) return { chosen: fields[names[best]!], rejected: others[0] };
  return { completions: names.map((name) => fields[name]), ranks: names.map((_, i) => (i === best ? 1 : 2)) };
}

function indexOf(value: string, names: string[]): number | null {
  const side = ["left", "right"].indexOf(value);
  if (side >= 0) return side;
  const named = names.findIndex(
    (name) => name === value || /[-_ ]?(\w)$/.exec(name)?.[1]?.toLowerCase() === value.toLowerCase(),
  );
  return named >= 0 ? named : null;
}

const words = {
  good: /^(good|yes|true|thumbs[ _-]?up|correct|accept(ed)?)$/i,
  bad: /^(bad|no|false|thumbs[ _-]?down|incorrect|reject(ed)?)$/i,
};

/** Most say that the one answer is good, or that it is bad. */
function label(fields: Columns, names: string[], values: unknown[]): Columns | null {
  const [name] = names;
  if (name === undefined || names.length > 1) return null;
  const said = values.map((value) => (words.good.test(String(value)) ? 1 : words.bad.test(String(value)) ? -1 : 0));
  if (said.includes(0)) return null;
  const sum = said.reduce<number>((all, one) => all + one, 0);
  if (sum === 0) throw new Error("as many people call the answer good as bad, which gives no label");
  return { completion: fields[name], label: sum > 0 };
}
