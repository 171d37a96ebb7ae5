// What the records browser asks for, and what it is told.
import { z } from "zod";
import { flagReasons } from "../../../spec/flag-reasons";
import { rowFinding, rowText, version } from "../../data-checks/changes-schema";
import { choice } from "../judging/judging-schema";

export const recordStatuses = [
  "open",
  "labelled",
  "tie",
  "disputed",
  "resolved",
  "skipped",
  "flagged",
  "returned",
  "rewritten",
  "discussed",
  "excluded",
  "gold",
] as const;
export type RecordStatus = (typeof recordStatuses)[number];

/** What a vote says, whichever side it says it of: sides are each annotator's own. */
export const votesSaid = [
  "much",
  "clearly",
  "slightly",
  "barely",
  "good",
  "bad",
  "tie",
  "both_bad",
  "skip",
  "flag",
] as const;
export type VoteSaid = (typeof votesSaid)[number];

export const recordSorts = ["position", "updated", "votes", "disagreement", "gap", "length"] as const;
export type RecordSort = (typeof recordSorts)[number];

/** Columns beside the number and the prompt, in their order. */
export const recordColumns = [
  "a",
  "b",
  "label",
  "p",
  "gap",
  "votes",
  "ratio",
  "tags",
  "annotators",
  "updated",
] as const;
export type RecordColumn = (typeof recordColumns)[number];
export const usualColumns: readonly RecordColumn[] = ["a", "b", "label", "p", "votes", "annotators", "updated"];

/** Facets that are numbers or days: `from..to`, either of which may be left out. */
export const rangeNames = ["p", "gap", "length", "seconds", "voted"] as const;
export type RangeName = (typeof rangeNames)[number];
const numbers = z.string().regex(/^(\d+(\.\d+)?)?\.\.(\d+(\.\d+)?)?$/);
const days = z.string().regex(/^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/);

/** What a request may name several times. */
const several = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((given) => [given].flat(), z.array(item)).default([]);

/** Of an address or a request; those of one kind widen the selection, those of several narrow it. */
export const recordFilter = z.object({
  q: z.string().trim().max(200).default(""),
  status: several(z.enum(recordStatuses)),
  annotator: several(z.coerce.number().int()),
  said: several(z.enum(votesSaid)),
  source: several(z.string()),
  model: several(z.string()),
  tag: several(z.string()),
  /** How sure the label is, from 0 to 1; how far apart the reward model's scores are. */
  p: numbers.or(z.literal("")).default(""),
  gap: numbers.or(z.literal("")).default(""),
  /** Characters of the longest answer; seconds that an annotation took; the day of the last one. */
  length: numbers.or(z.literal("")).default(""),
  seconds: numbers.or(z.literal("")).default(""),
  voted: days.or(z.literal("")).default(""),
  /** Those that this data check found. */
  check: z.string().max(40).default(""),
  sort: z.enum(recordSorts).default("position"),
  /** Whether sources, models and gold records are told, which annotators are not to know before they vote. */
  reveal: z.stringbool().or(z.boolean()).default(false),
  /** What a table of them shows; nothing of what is found depends on it. */
  columns: z.array(z.enum(recordColumns)).default([...usualColumns]),
});
export type RecordFilter = z.infer<typeof recordFilter>;
/** What is found by it. */
export const recordSearch = recordFilter.omit({ columns: true });
export type RecordSearch = z.infer<typeof recordSearch>;

const many = ["status", "annotator", "said", "source", "model", "tag"] as const;
const separator = ".";
const single = ["q", "check", "sort", "reveal", ...rangeNames] as const;

/** A filter as the search of an address has it; what is not understood there is left out. */
export function filterOf(search: URLSearchParams): RecordFilter {
  const given = {
    ...Object.fromEntries(many.map((name) => [name, search.getAll(name)])),
    ...Object.fromEntries(single.flatMap((name) => (search.has(name) ? [[name, search.get(name)]] : []))),
    ...(search.has("columns") && { columns: search.get("columns")!.split(separator).filter(Boolean) }),
  };
  const { data } = recordFilter.safeParse(given);
  return data ?? recordFilter.parse({});
}

/** The other way round; what is as by default is left out. */
export function searchOf(filter: RecordFilter): URLSearchParams {
  const { q, check, sort, reveal, columns } = filter;
  const search = new URLSearchParams();
  if (q) search.set("q", q);
  if (check) search.set("check", check);
  for (const name of many) for (const value of filter[name]) search.append(name, String(value));
  for (const name of rangeNames) if (filter[name]) search.set(name, filter[name]);
  if (sort !== "position") search.set("sort", sort);
  if (reveal) search.set("reveal", "true");
  if (columns.join() !== usualColumns.join()) search.set("columns", columns.join(separator));
  return search;
}

const counted = z.array(z.object({ value: z.string(), label: z.string(), count: z.number() }));
export const facetNames = ["status", "annotator", "said", "tag", "source", "model"] as const;
export type FacetName = (typeof facetNames)[number];

const rangeFacet = z.array(z.object({ value: z.string(), count: z.number() }));
export type RangeFacet = z.infer<typeof rangeFacet>;

const recordRow = z.object({
  id: z.number(),
  prompt: z.string(),
  /** The beginnings of the first two, in the order in which this person is shown them. */
  answers: z.array(z.string()),
  /** How many there are. */
  of: z.number(),
  /** What the votes or a decision come to, in terms of the same order. */
  label: z.enum(["A", "B", "good", "bad", "tie", "ranked"]).nullable(),
  /** Votes that compare the answers, by what they prefer; of a single answer A says good and B bad. */
  votes: z.object({ A: z.number(), B: z.number(), tie: z.number(), bothBad: z.number() }),
  statuses: z.array(z.enum(recordStatuses)),
  annotators: z.array(z.string()),
  tags: z.array(z.string()),
  /** How sure the label is, and how far apart the reward model's scores are; null where that is not known. */
  p: z.number().nullable(),
  gap: z.number().nullable(),
  /** The longer answer over the shorter one. */
  ratio: z.number(),
  /** When somebody last voted; null before any. */
  votedAt: z.number().nullable(),
});
export type RecordRow = z.infer<typeof recordRow>;

export const recordPage = z.object({
  /** Records of the dataset, and those that the filter leaves. */
  total: z.number(),
  matching: z.number(),
  rows: z.array(recordRow),
  /** Where the next page begins; null at the end. */
  next: z.string().nullable(),
  /** Counts of each choice, as they would be without the filter of its own kind; null beyond the first page. */
  facets: z.record(z.enum(facetNames), counted).nullable(),
  ranges: z.record(z.enum(rangeNames), rangeFacet).nullable(),
});
export type RecordPage = z.infer<typeof recordPage>;

export const recordIds = z.object({ ids: z.array(z.number()) });

const event = z.object({ who: z.string(), at: z.number() });
export const recordDetail = z
  .object({
    id: z.number(),
    position: z.number(),
    prompt: z.array(z.object({ turn: z.number(), role: z.string(), html: z.string() })),
    /** In the order in which this person is shown them. Model and source once this person has voted, or where they are revealed. */
    answers: z.array(
      z.object({ text: z.string(), html: z.string(), model: z.string().nullable(), score: z.number().nullable() }),
    ),
    source: z.string().nullable(),
    tags: z.array(z.string()),
    statuses: z.array(z.enum(recordStatuses)),
    /** The newest version of the guidelines. */
    guidelines: z.number(),
    gold: z.object({ says: z.string(), because: z.string() }).nullable(),
    votes: z.array(
      event.extend({
        seq: z.number(),
        /** In terms of this person's order. */
        choice,
        /** Where the voter had the answer that this person calls A. */
        shownLeft: z.boolean(),
        seconds: z.number(),
        flag: z.enum(flagReasons).nullable(),
        reasons: z.array(z.string()),
        rewrite: z.string().nullable(),
        aspects: z.array(
          z.object({ name: z.string(), ratings: z.tuple([z.number().nullable(), z.number().nullable()]) }),
        ),
        mirror: z.boolean(),
        /** The version of the guidelines that the voter had, where it is known and there are any. */
        guidelines: z.number().nullable(),
        extra: z.boolean(),
        /** Whether it is the label that came with the file. */
        given: z.boolean(),
        /** Of a model: what it said in each order, in terms of these answers' letters, and whether that may be the label. */
        judge: z.object({ orders: z.array(z.string()), counts: z.boolean() }).nullable(),
        /** When it was taken back or changed; null while it stands. */
        undoneAt: z.number().nullable(),
      }),
    ),
    exclusions: z.array(event.extend({ excluded: z.boolean(), reason: z.string() })),
    decisions: z.array(event.extend({ says: z.string() })),
    returns: z.array(event.extend({ to: z.string(), note: z.string() })),
    /** The texts for people to edit, what the data checks found, and what was done to the record. */
    texts: z.array(rowText),
    findings: z.array(rowFinding),
    versions: z.array(version),
  })
  .meta({ id: "Record" });
export type RecordDetail = z.infer<typeof recordDetail>;

const tag = z.string().trim().min(1, "Name the tag.").max(40, "At most 40 characters.");
export const taggingInput = z.strictObject({
  itemIds: z.array(z.int()).min(1).max(100_000),
  tag,
  tagged: z.boolean(),
});
export const tagged = z.object({ changed: z.array(z.number()) });

export const viewInput = z.strictObject({
  name: z.string().trim().min(1, "Name the view.").max(60, "At most 60 characters."),
  /** As of the records' address. */
  search: z.string().max(2000),
});
export type ViewInput = z.infer<typeof viewInput>;
const savedView = z.object({ id: z.number(), name: z.string(), search: z.string() });
export type SavedView = z.infer<typeof savedView>;
export const savedViews = z.array(savedView);
