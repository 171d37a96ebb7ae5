"use client";

import { createColumnHelper, useTable } from "@tanstack/react-table";
import { Download, Play } from "lucide-react";
import type { Route } from "next";
import { useMemo, useState } from "react";
import type { DatasetRow } from "@/lib/datasets/manage/list-datasets";
import { buttonClass } from "../../ui/buttons";
import { ago, exactDate } from "../../ui/format";
import { Link } from "../../ui/link";
import { Empty } from "../../ui/screen";
import { SearchBar, SearchedHead, searchedFeatures } from "../../ui/searched-table";
import { DatasetMenu } from "./dataset-menu";
import { pageOf } from "./dataset-requests";
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
  helper.accessor("updatedAt", { header: "Updated", sortFn: "basic", enableGlobalFilter: false }),
]);
const numeric = new Set(["records", "annotated", "agreement"]);

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
  const [renaming, setRenaming] = useState<string | null>(null);
  const data = useMemo(() => datasets.filter(({ archived }) => archived === archive), [datasets, archive]);
  const table = useTable({
    features: searchedFeatures,
    columns,
    data,
    getRowId: keyOf,
    globalFilterFn: "includesString",
    initialState: { sorting: [{ id: "updatedAt", desc: true }] },
  });
  const { rows } = table.getRowModel();
  const archivedOnes = datasets.filter(({ archived }) => archived).length;
  const search = String(table.state.globalFilter ?? "");
  return (
    <>
      <SearchBar table={table} label="Search datasets" count={data.length}>
        {(archivedOnes > 0 || archive) && (
          <label className="flex items-center gap-2">
            <input type="checkbox" checked={archive} onChange={(event) => setArchive(event.target.checked)} />
            Archived ({archivedOnes})
          </label>
        )}
      </SearchBar>
      {rows.length === 0 ? (
        <Empty title={search ? "No dataset matches" : archive ? "The archive is empty" : "No datasets yet"}>
          {search ? "Try fewer letters." : "Add data or generate responses."}
        </Empty>
      ) : (
        // its own scrolling: generated responses that add a row do not move the form below
        <div className="relative max-h-[32rem] overflow-auto">
          <table className="numbers w-full min-w-[46rem]">
            <thead className="sticky top-0 z-10 bg-surface text-soft text-xs">
              <SearchedHead table={table} numeric={numeric} className="py-1 pr-4" hasActions />
            </thead>
            <tbody>
              {rows.map(({ id, original }) => (
                <tr key={id} className="border-t">
                  <td className="max-w-[24rem] py-1.5 pr-4 font-medium">
                    {renaming === id ? (
                      <NameField dataset={original} onClose={() => setRenaming(null)} />
                    ) : (
                      <Name dataset={original} />
                    )}
                  </td>
                  <td className="pr-4 text-soft">{original.type}</td>
                  <td className="pr-4 text-right">{original.records.toLocaleString("en")}</td>
                  <td className="pr-4 text-right">{percent(original.annotated)}</td>
                  <td className="pr-4 text-right">{percent(original.agreement)}</td>
                  <td className="pr-4 text-soft" title={exactDate(original.updatedAt)} suppressHydrationWarning>
                    {ago(now - original.updatedAt)}
                  </td>
                  <td>
                    <div className="flex items-center justify-end gap-1">
                      <Shortcuts dataset={original} known={known} />
                      {known && <DatasetMenu dataset={original} onRename={() => setRenaming(id)} />}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
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
  const small = `${buttonClass("quiet")} px-2`;
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
        <a
          href={kind === "annotate" ? `/api/queues/${id}/export` : `/api/labelled/${id}/export`}
          download
          aria-label="Export"
          title="Export"
          className={small}
        >
          <Download size={15} aria-hidden />
        </a>
      )}
    </>
  );
}
