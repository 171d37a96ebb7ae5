// The columns of the table of runs, and how each is sorted.
import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
} from "@tanstack/react-table";
import type { RunRow } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { metrics } from "@/spec/metrics/catalogue";
import { runStatuses } from "@/spec/run-status";
import { Progress } from "../../ui/cards";
import { duration, number } from "../../ui/format";
import { When } from "../../ui/when";
import { durationOf } from "./table-view";
import { Tags } from "./tags";

export const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});
const helper = createColumnHelper<typeof features, RunRow>();

/** Last, whichever way the column is sorted. */
const unknownLast = { sortFn: "basic", sortUndefined: "last" } as const;

/** `now`: of what is shown as so long ago. The cells of selection, status and name are the table's own. */
export const columnsAt = (now: number) =>
  helper.columns([
    helper.accessor(({ status }) => runStatuses.indexOf(status), { id: "status", header: "Status", sortFn: "basic" }),
    helper.accessor("name", { header: "Name", sortFn: "alphanumeric" }),
    helper.accessor((run) => methodOf(run).label, { id: "method", header: "Method", sortFn: "alphanumeric" }),
    helper.accessor("model", { header: "Model", sortFn: "alphanumeric" }),
    helper.accessor("data", { header: "Data", sortFn: "alphanumeric" }),
    helper.accessor(({ key }) => key?.value, {
      id: "key",
      header: "Key metric",
      ...unknownLast,
      cell: ({ row }) => <KeyMetric run={row.original} />,
    }),
    helper.accessor(({ kl }) => kl ?? undefined, {
      id: "kl",
      header: "KL",
      ...unknownLast,
      cell: ({ row }) => number(row.original.kl, 2),
    }),
    helper.accessor(({ step }) => step, {
      id: "progress",
      header: "Steps",
      sortFn: "basic",
      cell: ({ row }) => <Steps run={row.original} />,
    }),
    helper.accessor((run) => durationOf(run, now) ?? undefined, {
      id: "duration",
      header: "Duration",
      ...unknownLast,
      cell: ({ getValue }) => {
        const ms = getValue();
        return ms === undefined ? "–" : duration(ms);
      },
    }),
    helper.accessor(({ startedAt, createdAt }) => startedAt ?? createdAt, {
      id: "started",
      header: "Started",
      sortFn: "basic",
      cell: ({ row: { original } }) => <Started run={original} now={now} />,
    }),
    helper.accessor(({ startedBy }) => startedBy ?? "", {
      id: "by",
      header: "By",
      sortFn: "alphanumeric",
      cell: ({ getValue }) => getValue() || "–",
    }),
    helper.accessor(({ tags }) => tags.join(" "), {
      id: "tags",
      header: "Tags",
      sortFn: "alphanumeric",
      cell: ({ row }) => <Tags tags={row.original.tags} />,
    }),
    helper.accessor("remark", { header: "Note", sortFn: "alphanumeric" }),
  ]);

export const numeric = new Set(["key", "kl", "progress", "duration"]);

function KeyMetric({ run: { key } }: { run: RunRow }) {
  if (!key) return "–";
  return (
    <span title={metrics[key.metric].about}>
      {number(key.value, 2)} <span className="text-soft text-xs">{metrics[key.metric].label}</span>
    </span>
  );
}

function Steps({ run: { name, step, totalSteps, status, remainingMs } }: { run: RunRow }) {
  return (
    <span title={remainingMs === null ? undefined : `${duration(remainingMs)} left`}>
      {step.toLocaleString("en")}
      {totalSteps !== null && ` / ${totalSteps.toLocaleString("en")}`}
      {status === "running" && (
        <Progress value={step / (totalSteps ?? Number.POSITIVE_INFINITY)} label={`${name}: progress`} />
      )}
    </span>
  );
}

function Started({ run: { place, startedAt, createdAt }, now }: { run: RunRow; now: number }) {
  if (place !== null) return place === 1 ? "next" : `number ${place} in the queue`;
  return <When at={startedAt ?? createdAt} now={now} />;
}
