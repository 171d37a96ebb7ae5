// What the table of runs shows, kept in its address: a link, or Back, restores it.
import { groupBy } from "@/common/group-by";
import type { RunRow } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { type RunStatus, runStatuses } from "@/spec/run-status";

export const groupings = {
  none: "nothing",
  method: "method",
  data: "data",
  by: "person",
  sweep: "sweep",
  tag: "tag",
} as const;
export type Grouping = keyof typeof groupings;

/** Columns that can be left out. */
export const optional = {
  method: "Method",
  model: "Model",
  data: "Data",
  key: "Key metric",
  kl: "KL",
  progress: "Steps",
  duration: "Duration",
  started: "Started",
  by: "By",
  tags: "Tags",
  remark: "Note",
} as const;
export type OptionalColumn = keyof typeof optional;

export interface TableView {
  search: string;
  status: RunStatus | "alerts" | "archived" | "";
  method: string;
  model: string;
  data: string;
  by: string;
  tag: string;
  group: Grouping;
  sort: { id: string; desc: boolean };
  hidden: OptionalColumn[];
}

const newestFirst = { id: "started", desc: true };

/** What cannot be parsed is ignored. */
export function viewOf(search: URLSearchParams): TableView {
  const text = (name: string) => search.get(name) ?? "";
  const status = text("status");
  const group = text("group");
  const [id = "", way] = text("sort").split("-");
  return {
    search: text("q"),
    status: [...runStatuses, "alerts", "archived"].includes(status) ? (status as TableView["status"]) : "",
    ...{ method: text("method"), model: text("model"), data: text("data"), by: text("by"), tag: text("tag") },
    group: Object.hasOwn(groupings, group) ? (group as Grouping) : "none",
    sort: id === "" ? newestFirst : { id, desc: way === "down" },
    hidden: text("hide")
      .split(",")
      .filter((name): name is OptionalColumn => Object.hasOwn(optional, name)),
  };
}

/** The view as a query string, without defaults. */
export function searchOf({ search, sort, group, hidden, ...filters }: TableView): string {
  const parts = {
    q: search,
    ...filters,
    group: group === "none" ? "" : group,
    sort: sort.id === newestFirst.id && sort.desc ? "" : `${sort.id}-${sort.desc ? "down" : "up"}`,
    hide: hidden.join(","),
  };
  const kept = Object.entries(parts).filter(([, value]) => value !== "");
  return kept.length > 0 ? `?${new URLSearchParams(kept)}` : "?";
}

/** Runs that the view is about. Archived ones only where they are asked for. */
export function filtered(rows: RunRow[], view: TableView): RunRow[] {
  const words = view.search.toLowerCase().split(/\s+/);
  const holds = ({ name, method, model, data, startedBy, tags, remark, id }: RunRow) => {
    const text = [name, methodOf({ method }).label, model, data, startedBy, remark, id, ...tags]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const isIn = (row: RunRow) =>
    view.status === "archived"
      ? row.archived
      : !row.archived &&
        (view.status === "" || (view.status === "alerts" ? row.alertCount > 0 : row.status === view.status));
  const fits = (row: RunRow) =>
    (view.method === "" || row.method === view.method) &&
    (view.model === "" || row.model === view.model) &&
    (view.data === "" || row.data === view.data) &&
    (view.by === "" || row.startedBy === view.by) &&
    (view.tag === "" || row.tags.includes(view.tag));
  return rows.filter((row) => isIn(row) && fits(row) && holds(row));
}

/** Rows under the headings of a grouping, in the order in which they come; a run with two tags is under the first. */
export function groupsOf<Row>(
  rows: Row[],
  by: Grouping,
  runOf: (row: Row) => RunRow,
): { title: string; rows: Row[] }[] {
  if (by === "none") return [{ title: "", rows }];
  const titleOf = (row: Row): string => {
    const { method, data, startedBy, sweep, tags } = runOf(row);
    const titles = {
      method: methodOf({ method }).label,
      data: data || "no data",
      by: startedBy ?? "Nobody known",
      sweep: sweep === null ? "No sweep" : `Sweep ${sweep}`,
      tag: tags[0] ?? "No tag",
    };
    return titles[by];
  };
  return [...groupBy(rows, titleOf)].map(([title, rows]) => ({ title, rows }));
}

/** How long it has trained, in milliseconds. */
export const durationOf = ({ startedAt, finishedAt }: RunRow, now: number): number | null =>
  startedAt === null ? null : (finishedAt ?? now) - startedAt;
