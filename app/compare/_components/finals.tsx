import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { Group } from "@/lib/runs/compare/groups";
import { Card } from "../../ui/cards";
import { SortableHeader } from "../../ui/sortable-header";
import { FinalCell } from "./final-cell";
import { type FinalColumn, finalColumns, meanOf } from "./final-columns";
import { Swatch } from "./swatch";
import type { Show, View } from "./view";

interface Props {
  groups: Group[];
  /** What the others are compared with. */
  base: Group;
  view: View;
  show: Show;
  /** A run by its id. */
  nameOf: (id: string) => string;
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});
const helper = createColumnHelper<typeof features, Group>();

/** What has no value comes last, whichever way. */
const tableColumns = (columns: FinalColumn[]) =>
  helper.columns([
    helper.accessor("name", { id: "group", header: "Group", sortFn: "alphanumeric" }),
    helper.accessor(({ runs }) => runs.length, { id: "runs", header: "Runs", sortFn: "basic" }),
    ...columns.map((column) =>
      helper.accessor((group) => (column.groups.includes(group) ? meanOf(group, column.metric) : undefined), {
        id: column.key,
        header: column.label,
        sortFn: "basic",
        sortUndefined: "last",
        sortDescFirst: column.better !== "less", // the best first
      }),
    ),
  ]);

/** Final metrics of each group with their differences from a baseline, sorted by any of them. */
export function Finals({ groups, base, view, show, nameOf }: Props) {
  const columns = useMemo(() => finalColumns(groups, nameOf), [groups, nameOf]);
  const defined = useMemo(() => tableColumns(columns), [columns]);
  const sorting = view.sort ? [view.sort] : [];
  const table = useTable({
    features,
    columns: defined,
    data: groups,
    getRowId: ({ name }, i) => `${i} ${name}`,
    state: { sorting },
    onSortingChange: (change) => {
      const [sort = null] = typeof change === "function" ? change(sorting) : change;
      show({ sort });
    },
  });
  const columnOf = (id: string) => columns.find(({ key }) => key === id);
  return (
    <Card title="Final metrics">
      <section className="overflow-x-auto" tabIndex={0} aria-label="Final metrics: table">
        <table className="numbers w-full whitespace-nowrap">
          <thead className="text-soft text-xs">
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => (
                  <SortableHeader
                    key={header.id}
                    column={header.column}
                    numeric={header.id !== "group"}
                    className="py-1 pr-4"
                    title={columnOf(header.id)?.about}
                  >
                    <table.FlexRender header={header} />{" "}
                    <span className="font-normal">{columnOf(header.id)?.unit}</span>
                  </SortableHeader>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map(({ id, original: group }) => (
              <tr key={id} className="border-t align-top">
                <td className="py-2 pr-4 font-medium">
                  <Name group={group} />
                </td>
                <td className="py-2 pr-4 text-right">{group.runs.length}</td>
                {columns.map((column) => (
                  <td key={column.key} className="py-2 pr-4 text-right">
                    <FinalCell group={group} base={base} column={column} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-soft text-xs">
        ± is the half-width of the 95 % interval: over a group's runs (Student's t) where it has several, else over the
        evaluated prompts or pairs of the one run, which does not cover variation between seeds. Δ is the difference
        from {base.name}, with its interval and p (Welch's t-test between groups of runs, a normal approximation between
        single runs; not corrected for multiple comparisons). "Best" is the highest or lowest mean, whatever its
        interval.
      </p>
    </Card>
  );
}

const Name = ({ group: { name, number } }: { group: Group }) => (
  <span className="flex max-w-72 items-center gap-2">
    <Swatch number={number} />
    <span className="min-w-0 truncate" title={name}>
      {name}
    </span>
  </span>
);
