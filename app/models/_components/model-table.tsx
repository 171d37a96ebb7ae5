"use client";

import { useQuery } from "@tanstack/react-query";
import { createColumnHelper, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import { modelsQuery } from "@/app/_client/queries";
import type { KnownModel } from "@/lib/models/models-schema";
import { sizeWords } from "@/lib/storage/storage-schema";
import { usePendingDeletions } from "../../runs/_components/pending-deletions";
import { useChangeRuns } from "../../runs/_components/use-change-runs";
import { EditableText } from "../../ui/editable-text";
import { Empty } from "../../ui/empty";
import { Link } from "../../ui/link";
import { SearchBar, SearchedHead, searchedFeatures } from "../../ui/searched-table";
import { When } from "../../ui/when";
import { modelPage } from "../model-path";
import { stageAbout, stageWords } from "../stage-words";
import { ModelActions } from "./model-actions";
import { useChangeModel } from "./use-change-model";

const helper = createColumnHelper<typeof searchedFeatures, KnownModel>();

const kinds: Record<KnownModel["kind"], string> = {
  base: "Base model",
  adapter: "Adapter",
  weights: "All weights trained",
  reward: "Reward model",
};

/** What is unknown comes last, whichever way. */
const unknownLast = { sortFn: "basic", sortUndefined: "last", enableGlobalFilter: false } as const;

const columns = helper.columns([
  helper.accessor("name", { header: "Name", sortFn: "alphanumeric" }),
  helper.accessor(({ kind }) => kinds[kind], { id: "kind", header: "Kind", sortFn: "alphanumeric" }),
  helper.accessor(({ stage }) => (stage ? stageWords[stage] : ""), {
    id: "stage",
    header: "Stage",
    sortFn: "alphanumeric",
  }),
  helper.accessor("about", { header: "About", sortFn: "alphanumeric" }),
  helper.accessor(({ base }) => base ?? "", { id: "base", header: "Trained from", sortFn: "alphanumeric" }),
  helper.accessor(({ data }) => data?.name ?? "", { id: "data", header: "Trained on", sortFn: "alphanumeric" }),
  helper.accessor(({ bytes }) => bytes ?? undefined, { id: "bytes", header: "Size", ...unknownLast }),
  helper.accessor("usedBy", { header: "Used by", sortFn: "basic", enableGlobalFilter: false }),
  helper.accessor(({ at }) => at ?? undefined, { id: "at", header: "Added or finished", ...unknownLast }),
]);
const numeric = new Set(["bytes", "usedBy"]);
const none: KnownModel[] = [];

/** Every model, each under what it was trained from until they are sorted or searched; renamed, gone on with, deleted. */
export function ModelTable({ now }: { now: number }) {
  const { data: all = none } = useQuery(modelsQuery);
  const deleted = usePendingDeletions();
  const models = useMemo(() => all.filter(({ id }) => !deleted.includes(id)), [all, deleted]);
  const table = useTable({
    features: searchedFeatures,
    columns,
    data: models,
    getRowId: ({ kind, id }) => `${kind}/${id}`,
    globalFilterFn: "includesString",
  });
  const { rows } = table.getRowModel();
  const { sorting, globalFilter } = table.state;
  const isTree = sorting.length === 0 && !globalFilter;
  return (
    <>
      <SearchBar table={table} label="Search models" count={models.length} />
      {rows.length === 0 ? (
        <Empty title="No model matches">Try fewer letters.</Empty>
      ) : (
        <div className="relative overflow-x-auto rounded-md border bg-surface">
          <table className="numbers w-full min-w-[60rem]">
            <thead className="text-soft text-xs">
              <SearchedHead table={table} numeric={numeric} className="px-2 py-2" hasActions />
            </thead>
            <tbody>
              {rows.map(({ id, original }) => (
                <ModelRow key={id} known={original} indent={isTree ? original.depth : 0} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function ModelRow({ known, indent, now }: { known: KnownModel; indent: number; now: number }) {
  const { kind, id, name, about, stage, base, data, bytes, usedBy, at } = known;
  const model = useChangeModel();
  const run = useChangeRuns();
  return (
    <tr className="border-t hover:bg-raised/60">
      <td className="max-w-72 px-2 py-1.5 font-medium" title={kind === "base" ? id : name}>
        <span className="flex items-center gap-2" style={{ paddingInlineStart: `${indent * 1.25}rem` }}>
          <Link href={modelPage(id)} className="min-w-0 truncate hover:underline">
            {name}
          </Link>
          <EditableText
            value={name}
            label="Model name"
            required={kind !== "base"}
            placeholder={id}
            iconOnly
            onSave={(typed) => (kind === "base" ? model.rename(id, typed) : run.one(id, { name: typed }))}
            className="shrink-0"
          />
        </span>
      </td>
      <td className="whitespace-nowrap px-2">{kinds[kind]}</td>
      <td className="whitespace-nowrap px-2" title={stage ? stageAbout[stage] : undefined}>
        {stage ? stageWords[stage] : "–"}
      </td>
      <td className="max-w-56 truncate px-2 text-soft" title={about}>
        {about}
      </td>
      <td className="max-w-48 truncate px-2 font-mono text-xs" title={base ?? undefined}>
        {base ?? "–"}
      </td>
      <td className="max-w-48 truncate px-2" title={data?.name}>
        {data?.dataset ? (
          <Link href={`/datasets/${data.dataset}`} className="hover:underline">
            {data.name}
          </Link>
        ) : (
          (data?.name ?? "–")
        )}
      </td>
      <td className="whitespace-nowrap px-2 text-right">{bytes === null ? "not there" : sizeWords(bytes)}</td>
      <td className="whitespace-nowrap px-2 text-right">
        {usedBy === 0 ? "–" : usedBy === 1 ? "1 run" : `${usedBy} runs`}
      </td>
      <td className="whitespace-nowrap px-2 text-soft">{at === null ? "–" : <When at={at} now={now} />}</td>
      <td className="px-2">
        <ModelActions model={known} onRemove={() => model.remove(known)} />
      </td>
    </tr>
  );
}
