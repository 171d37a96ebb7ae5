"use client";

import { useMutation } from "@tanstack/react-query";
import { createColumnHelper, useTable } from "@tanstack/react-table";
import { useRouter } from "next/navigation";
import { send } from "@/app/_client/checked-fetch";
import type { Member } from "@/lib/annotation/agreement/team";
import { annotatorDto } from "@/lib/people/people-schema";
import { EditableText } from "../../ui/editable-text";
import { Empty } from "../../ui/empty";
import { shareWords } from "../../ui/format";
import { SearchBar, SearchedHead, searchedFeatures } from "../../ui/searched-table";
import { say, sayError } from "../../ui/toast";
import { When } from "../../ui/when";
import { DatasetsOf } from "./datasets-of";
import { PersonMenu } from "./person-menu";

const helper = createColumnHelper<typeof searchedFeatures, Member>();
/** What nobody knows yet comes last, whichever way. */
const unknownLast = { sortFn: "basic", sortUndefined: "last", enableGlobalFilter: false } as const;

const columns = helper.columns([
  helper.accessor("name", { header: "Name", sortFn: "alphanumeric" }),
  helper.accessor("annotated", { header: "Annotated", sortFn: "basic", enableGlobalFilter: false }),
  helper.accessor(({ seconds }) => seconds ?? undefined, { id: "seconds", header: "Median time", ...unknownLast }),
  helper.accessor(({ agreement }) => agreement?.value, {
    id: "agreement",
    header: "Agreement with others",
    ...unknownLast,
  }),
  helper.accessor(({ lastAt }) => lastAt ?? undefined, { id: "lastAt", header: "Last annotated", ...unknownLast }),
  helper.accessor(({ datasets }) => datasets.map(({ name }) => name).join(", "), {
    id: "datasets",
    header: "Datasets",
    sortFn: "alphanumeric",
  }),
]);
const numeric = new Set(["annotated", "seconds"]);

interface Props {
  team: Member[];
  /** Who sits at this browser. */
  self: number | null;
  now: number;
}

/** Everybody: searched, sorted, renamed. */
export function TeamTable({ team, self, now }: Props) {
  const table = useTable({
    features: searchedFeatures,
    columns,
    data: team,
    getRowId: ({ id }) => String(id),
    globalFilterFn: "includesString",
  });
  const { rows } = table.getRowModel();
  return (
    <>
      <SearchBar table={table} label="Search people" count={team.length} />
      {rows.length === 0 ? (
        <Empty title="Nobody matches">Try fewer letters.</Empty>
      ) : (
        <div className="relative overflow-x-auto rounded-md border bg-surface">
          <table className="numbers w-full min-w-[52rem]">
            <thead className="text-soft text-xs">
              <SearchedHead table={table} numeric={numeric} className="px-3 py-2" hasActions />
            </thead>
            <tbody>
              {rows.map(({ id, original }) => (
                <MemberRow
                  key={id}
                  member={original}
                  isSelf={original.id === self}
                  canRename={self !== null && !original.erased}
                  now={now}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

interface RowProps {
  member: Member;
  isSelf: boolean;
  canRename: boolean;
  now: number;
}

function MemberRow({ member, isSelf, canRename, now }: RowProps) {
  const { id, name, annotated, seconds, agreement, lastAt, datasets } = member;
  const router = useRouter();
  const { mutate } = useMutation({
    mutationFn: (typed: string) => send("PATCH", `/api/people/${id}`, { name: typed }, annotatorDto),
    onSuccess: (renamed) => {
      router.refresh();
      void say(`${name} is called ${renamed.name} now; every annotation stays theirs.`);
    },
    onError: (error) => void sayError(error.message),
  });
  return (
    <tr className="border-t align-top hover:bg-raised/60">
      <td className="max-w-72 px-3 py-2 font-medium">
        <span className="flex items-center gap-2">
          <span className="min-w-0 truncate" title={name}>
            {name}
          </span>
          {isSelf && <span className="shrink-0 rounded border px-1.5 font-normal text-soft text-xs">you</span>}
          {canRename && (
            <EditableText
              value={name}
              label="Name"
              required
              maxLength={40}
              iconOnly
              onSave={mutate}
              needs="administer"
              className="shrink-0"
            />
          )}
        </span>
      </td>
      <td className="px-3 py-2 text-right">{annotated.toLocaleString("en")}</td>
      <td className="whitespace-nowrap px-3 py-2 text-right">{seconds === null ? "–" : `${seconds.toFixed(1)} s`}</td>
      <td className="whitespace-nowrap px-3 py-2">{shareWords(agreement)}</td>
      <td className="whitespace-nowrap px-3 py-2 text-soft">
        {lastAt === null ? "–" : <When at={lastAt} now={now} />}
      </td>
      <td className="px-3 py-2">
        <DatasetsOf name={name} datasets={datasets} />
      </td>
      <td className="px-1 py-1 text-right">
        <PersonMenu person={{ id, name }} canErase={!isSelf && !member.erased} />
      </td>
    </tr>
  );
}
