// What the compare page shows, kept whole in its address: a link restores the view.

import { type Axis, axes, smoothings } from "@/lib/runs/compare/compare-schema";
import type { GroupBy } from "@/lib/runs/compare/groups";
import type { RunSummary } from "@/lib/runs/run-schema";
import { currentPath } from "@/spec/former-names";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { currentMetricName } from "@/spec/metrics/former-names";

export const rewards = ["on_policy/gold", "on_policy/reward", "on_policy/win_rate"] as const;

export const tabs = {
  overview: "Overview",
  charts: "Charts",
  frontier: "Frontier",
  config: "Config diff",
  samples: "Samples",
  evaluations: "Evaluations",
  parallel: "Parallel",
} as const;
export type Tab = keyof typeof tabs;

export interface View {
  tab: Tab;
  /** Null: the newest runs. */
  runs: string[] | null;
  /** Of these, the ids of those that are not drawn for now. */
  hidden: string[];
  by: GroupBy;
  axis: Axis;
  reward: (typeof rewards)[number];
  /** Weight of the past, 0 for none. */
  smooth: number;
  log: boolean;
  /** Charts beside the default ones. */
  also: MetricName[];
  /** Of the axis; null is the whole. */
  zoom: { from: number; to: number } | null;
  /** The group that others are compared with, by name; empty for the first. */
  base: string;
  /** The column by which final metrics are sorted. */
  sort: { id: string; desc: boolean } | null;
  /** Losses of different methods on one axis. */
  mixed: boolean;
}

/** Changes the view, or what the view is by then: two clicks in a row may come before a page is rendered with the first. */
export type Show = (change: Partial<View> | ((now: View & { runs: string[] }) => Partial<View>)) => void;

/** What cannot be parsed is ignored. */
export function viewOf(search: URLSearchParams): View {
  const axis = search.get("x") ?? "";
  const reward = rewards.find((name) => name === search.get("reward"));
  const smooth = Number(search.get("smooth"));
  const [from, to] = (search.get("zoom") ?? "").split("~").map(Number);
  const tab = search.get("tab") ?? "";
  return {
    tab: Object.hasOwn(tabs, tab) ? (tab as Tab) : "overview",
    hidden: list(search.get("hide")),
    sort: sortOf(search.get("sort") ?? ""),
    runs: search.has("runs") ? list(search.get("runs")) : null,
    by: currentPath(search.get("by") ?? "run"),
    axis: Object.hasOwn(axes, axis) ? (axis as Axis) : "step",
    reward: reward ?? rewards[0],
    smooth: smoothings.includes(smooth) ? smooth : 0,
    log: search.get("log") === "1",
    also: list(search.get("also"))
      .map(currentMetricName)
      .filter((name): name is MetricName => Object.hasOwn(metrics, name)),
    zoom: Number.isFinite(from) && Number.isFinite(to) && from! < to! ? { from: from!, to: to! } : null,
    base: search.get("base") ?? "",
    mixed: search.get("mixed") === "1",
  };
}

/** How many runs are shown where the address names none. */
const newest = 4;

/** Those that the address names, else the newest that have measured something. */
export const comparedIds = (view: View, all: RunSummary[]): string[] =>
  view.runs ??
  all
    .filter((run) => run.step > 0 && !run.archived)
    .slice(0, newest)
    .map(({ id }) => id);

/** The view as a query string, without defaults. */
export function searchOf({
  tab,
  runs,
  hidden,
  by,
  axis,
  reward,
  smooth,
  log,
  also,
  zoom,
  base,
  sort,
  mixed,
}: View): string {
  const parts: [string, string | false][] = [
    ["runs", runs?.join(",") ?? false],
    ["tab", tab !== "overview" && tab],
    ["hide", hidden.length > 0 && hidden.join(",")],
    ["by", by !== "run" && by],
    ["x", axis !== "step" && axis],
    ["reward", reward !== rewards[0] && reward],
    ["smooth", smooth > 0 && String(smooth)],
    ["log", log && "1"],
    ["also", also.length > 0 && also.join(",")],
    ["base", base !== "" && base],
    ["sort", sort !== null && `${sort.id}-${sort.desc ? "down" : "up"}`],
    ["mixed", mixed && "1"],
    ["zoom", zoom !== null && `${zoom.from}~${zoom.to}`],
  ];
  const kept = parts.filter((part): part is [string, string] => part[1] !== false);
  return kept.length > 0 ? `?${new URLSearchParams(kept)}` : "?";
}

function sortOf(text: string): View["sort"] {
  const [, id, way] = /^(.+)-(up|down)$/.exec(text) ?? [];
  return id === undefined ? null : { id, desc: way === "down" };
}

const list = (text: string | null) => (text ?? "").split(",").filter(Boolean);
