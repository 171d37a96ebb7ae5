"use client";

import { createColumnHelper, useTable } from "@tanstack/react-table";
import { Download, Play } from "lucide-react";
import type { Route } from "next";
import { useMemo, useState } from "react";
import type { DatasetRow } from "@/lib/datasets/manage/list-datasets";
import { buttonClass } from "../../ui/buttons";
import { Empty } from "../../ui/empty";
import { ago, exactDate } from "../../ui/format";
import { Link } from "../../ui/link";
import { SearchBar, SearchedHead, searchedFeatures } from "../../ui/searched-table";
import { DatasetMenu } from "./dataset-menu";
import { exportOf, pageOf } from "./dataset-requests";
import { DatasetsBar } from "./datasets-bar";
import { NameField } from "./name-field";

const helper = createColumnHelper<typeof searchedFeatures, DatasetRow>();
const percent = (share: number | null) => (share === null ? "–" : `${(100 * share).toFixed(0)} %`);

const columns = helper.columns([
  helper.accessor("name", { header: "Name", sortFn: "alphanumeric" }),
  helper.accessor("type", { header: "Type", sortFn: "alphanumeric" }),
  helper.accessor("records", { header: "Records", sortFn: "basic", enableGlobalFilter: false }),
  helper.accessor(({ annotated }) => annotated ?? -1, {
    id: "annotated",
    header: "Annotated",
    sortFn: "basic",
    enableGlobalFilter: false,
  }),
  helper.accessor(({ agreement }) => agreement ?? -1, {
    id: "agreement",
    header: "Agreement",
    sortFn: "basic",
    enableGlobalFilter: false,
  }),
  helper.accessor(({ hangsOn }) => hangsOn.annotators, {
    id: "annotators",
    header: "Annotators",
    sortFn: "basic",
    enableGlobalFilter: false,
  }),
  helper.accessor("updatedAt", { header: "Updated", sortFn: "basic", enableGlobalFilter: false }),
]);
const numeric = new Set(["records", "annotated", "agreement", "annotators"]);

interface Props {
  datasets: DatasetRow[];
  /** Whether somebody is signed in, who may change and export them. */
  known: boolean;
  /** When the page was made, so that the server and the browser say the same dates. */
  now: number;
}

/** Every dataset: searched, sorted, and changed as a whole. */
export function DatasetTable({ datasets, known, now }: Props) {
  const [archive, setArchive] = useState(false);
  const [type, setType] = useState("");
  const [renaming, setRenaming] = useState<string | null>(null);
  const data = useMemo(
    () => datasets.filter((one) => one.archived === archive && (type === "" || one.type === type)),
    [datasets, archive, type],
  );
  const table = useTable({
    features: searchedFeatures,
    columns,
    data,
    getRowId: keyOf,
    globalFilterFn: "includesString",
    initialState: { sorting: [{ id: "updatedAt", desc: true }] },
  });
  const { rows } = table.getRowModel();
  const types = [...new Set(datasets.map((one) => one.type))].sort();
  const archivedOnes = datasets.filter(({ archived }) => archived).length;
  const chosen = rows.filter((row) => row.getIsSelected()).map(({ original }) => original);
  const search = String(table.state.globalFilter ?? "");
  return (
    <>
      <SearchBar table={table} label="Search datasets" count={data.length}>
        {types.length > 1 && (
          <select
            aria-label="Type"
            value={type}
            onChange={(event) => setType(event.target.value)}
            className="rounded-md border bg-canvas px-2 py-1.5"
          >
            <option value="">All types</option>
            {types.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
        {(archivedOnes > 0 || archive) && (
          <label className="flex items-center gap-2">
            <input type="checkbox" checked={archive} onChange={(event) => setArchive(event.target.checked)} />
            Archived ({archivedOnes})
          </label>
        )}
      </SearchBar>
      {known && <DatasetsBar chosen={chosen} onDone={() => table.resetRowSelection(true)} />}
      {rows.length === 0 ? (
        <Empty title={search ? "No dataset matches" : archive ? "The archive is empty" : "No datasets yet"}>
          {search ? "Try fewer letters." : "Add data or generate responses."}
        </Empty>
      ) : (
        // its own scrolling: generated responses that add a row do not move the form below
        <div className="relative max-h-[32rem] overflow-auto">
          <table className="numbers w-full min-w-[46rem]">
            <thead className="sticky top-0 z-10 bg-surface text-soft text-xs">
              <SearchedHead table={table} numeric={numeric} className="py-1 pr-6" selects={known} hasActions />
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row
                  key={row.id}
                  dataset={row.original}
                  selected={row.getIsSelected()}
                  onSelect={row.getToggleSelectedHandler()}
                  renaming={renaming === row.id}
                  onRename={(on) => setRenaming(on ? row.id : null)}
                  {...{ known, now }}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

interface RowProps extends Pick<Props, "known" | "now"> {
  dataset: DatasetRow;
  selected: boolean;
  onSelect: (event: unknown) => void;
  renaming: boolean;
  onRename: (on: boolean) => void;
}

function Row({ dataset, selected, onSelect, renaming, onRename, known, now }: RowProps) {
  return (
    <tr className="border-t">
      {known && (
        <td>
          <input
            type="checkbox"
            aria-label={`Select ${dataset.name}`}
            checked={selected}
            onChange={onSelect}
            className="accent-(--accent)"
          />
        </td>
      )}
      <td className="max-w-[24rem] py-1.5 pr-6 font-medium">
        {renaming ? <NameField dataset={dataset} onClose={() => onRename(false)} /> : <Name dataset={dataset} />}
      </td>
      <td className="pr-6 text-soft">{dataset.type}</td>
      <td className="pr-6 text-right">{dataset.records.toLocaleString("en")}</td>
      <td className="pr-6 text-right">{percent(dataset.annotated)}</td>
      <td className="pr-6 text-right">{percent(dataset.agreement)}</td>
      <td className="pr-6 text-right">{dataset.hangsOn.annotators || "–"}</td>
      <td className="whitespace-nowrap pr-6 text-soft" title={exactDate(dataset.updatedAt)} suppressHydrationWarning>
        {ago(now - dataset.updatedAt)}
      </td>
      <td>
        <div className="flex items-center justify-end gap-1">
          <Shortcuts dataset={dataset} known={known} />
          {known && <DatasetMenu dataset={dataset} onRename={() => onRename(true)} />}
        </div>
      </td>
    </tr>
  );
}

const keyOf = ({ kind, id }: DatasetRow) => `${kind}/${id}`;

const Name = ({ dataset }: { dataset: DatasetRow }) => (
  <Link href={pageOf(dataset) as Route} className="break-words hover:underline">
    {dataset.name}
  </Link>
);

/** Training and export, where there is something to train on and export. */
function Shortcuts({ dataset: { kind, id, trains }, known }: { dataset: DatasetRow; known: boolean }) {
  if (!trains) return null;
  const small = `${buttonClass("quiet")} px-2!`;
  return (
    <>
      <Link
        href={kind === "annotate" ? `/runs/new?queue=${id}` : `/runs/new?labelled=${id}`}
        aria-label="Train on this dataset"
        title="Train on this dataset"
        className={small}
      >
        <Play size={15} aria-hidden />
      </Link>
      {(known || kind === "labelled") && (
        <a href={exportOf({ kind, id })} download aria-label="Export" title="Export" className={small}>
          <Download size={15} aria-hidden />
        </a>
      )}
    </>
  );
}
