// What people write, by the columns that have it: an erasure looks there for a name. Names of models, machines and endpoints are not among them, as run
// files call them so, nor are the records of datasets: a Marie Curie of whom an answer tells is nobody's colleague.
import { isRecord } from "../../common/json";
import { fieldsIn } from "../access/audit-detail";

type Change = (text: string) => string;

/** By what a column holds, the texts in it: its structure and the values of menus stay as they are. */
const forms = {
  text: (stored: string, change: Change) => change(stored),
  list: (stored: string, change: Change) => JSON.stringify((JSON.parse(stored) as string[]).map(change)),
  keys: (stored: string, change: Change) =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(stored) as object).map(([k, v]) => [change(k), v]))),
  settings: (stored: string, change: Change) => JSON.stringify(inSettings(JSON.parse(stored), change)),
  search: (stored: string, change: Change) =>
    `${new URLSearchParams([...new URLSearchParams(stored)].map(([k, v]) => [k, searched.has(k) ? change(v) : v]))}`,
  detail: (stored: string, change: Change) =>
    fieldsIn(stored)
      .map(([field, said]) => `${field} ${noted.has(field) ? change(said) : said}`)
      .join(", ") || stored,
};

/** Of a dataset's settings, of an address that shows records, of the audit log: what is no number and from no menu. */
const free = new Set(["name", "about", "guidelines", "aspects", "reasonTags"]);
const searched = new Set(["q", "source", "tag"]);
const noted = new Set(["note", "name"]);

const inSettings = (settings: unknown, change: Change): unknown =>
  isRecord(settings)
    ? Object.fromEntries(Object.entries(settings).map(([k, v]) => [k, free.has(k) ? inTexts(v, change) : v]))
    : settings;

const inTexts = (value: unknown, change: Change): unknown =>
  typeof value === "string" ? change(value) : Array.isArray(value) ? value.map((one) => inTexts(one, change)) : value;

export interface WrittenText {
  table: string;
  column: string;
  form: keyof typeof forms;
  /** What it is to readers, in the plural. */
  what: string;
  /** Where no two rows have one name: all of them, or those of which this column is equal. */
  unique?: "" | "queue_id";
  /** Whether it is about records, of which it names others than colleagues: bare names stay. */
  aboutRecords?: true;
}

const at = (table: string, column: string, form: WrittenText["form"], what: string): WrittenText => ({
  ...{ table, column, form, what },
});

export const writtenTexts: readonly WrittenText[] = [
  at("audit_entries", "detail", "detail", "entries of the audit log"),
  at("comments", "text", "text", "comments"),
  at("exclusions", "reason", "text", "reasons why records were excluded"),
  at("guideline_versions", "guidelines", "text", "versions of guidelines"),
  at("invitations", "note", "text", "open invitations"),
  at("items", "source", "text", "sources of records"),
  { ...at("judgements", "rationale", "text", "reasons of votes"), aboutRecords: true },
  { ...at("judgements", "rewrite", "text", "rewritten answers"), aboutRecords: true },
  at("judgements", "tags", "list", "reasons of votes, chosen from the list"),
  at("judgements", "aspects", "keys", "ratings by criterion"),
  { ...at("earlier_words", "rationale", "text", "reasons of votes before they were masked"), aboutRecords: true },
  { ...at("earlier_words", "rewrite", "text", "rewritten answers before they were masked"), aboutRecords: true },
  { ...at("labelled_sets", "name", "text", "names of labelled datasets"), unique: "" },
  at("labelled_versions", "reason", "text", "reasons of versions of labelled datasets"),
  at("passkeys", "name", "text", "names of passkeys"),
  at("queue_changes", "change", "settings", "earlier settings of datasets"),
  at("queues", "about", "text", "descriptions of datasets"),
  at("queues", "aspects", "list", "criteria of datasets"),
  at("queues", "guidelines", "text", "guidelines"),
  { ...at("queues", "name", "text", "names of datasets"), unique: "" },
  at("queues", "reason_tags", "list", "lists of reasons to choose from"),
  at("record_changes", "reason", "text", "reasons of versions of datasets"),
  at("record_tags", "tag", "text", "tags of records"),
  { ...at("record_views", "name", "text", "names of views"), unique: "queue_id" },
  at("record_views", "search", "search", "searches of views"),
  at("returns", "note", "text", "notes on returned records"),
  at("runs", "name", "text", "names of runs"),
  at("runs", "remark", "text", "remarks on runs"),
  at("runs", "tags", "list", "tags of runs"),
  at("tokens", "name", "text", "names of tokens"),
];

/** A column's value with its texts changed; as it was where none is. */
export function changedTexts(form: WrittenText["form"], stored: string, change: Change): string {
  let isSame = true;
  const changed = forms[form](stored, (text) => {
    const now = change(text);
    isSame &&= now === text;
    return now;
  });
  return isSame ? stored : changed;
}

/** Whether this holds of one of its texts. */
export function hasText(form: WrittenText["form"], stored: string, holds: (text: string) => boolean): boolean {
  let found = false;
  forms[form](stored, (text) => {
    found ||= holds(text);
    return text;
  });
  return found;
}
