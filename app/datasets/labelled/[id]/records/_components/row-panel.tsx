"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../../../../ui/buttons";
import { Problem } from "../../../../../ui/cards";
import { When } from "../../../../../ui/when";
import { checkTitle } from "../../_components/check-words";
import { rowQuery } from "../../_components/row-queries";
import { useRowChange } from "../../_components/use-row-change";
import { versionWords } from "../../_components/version-words";
import { RowEditor } from "./row-editor";

/** What the checks found in a row, what was done to it and by whom, and what can be done. */
export function RowPanel({ dataset, row }: { dataset: number; row: number }) {
  const { data, error } = useQuery(rowQuery(dataset, row));
  const [editing, setEditing] = useState(false);
  const [reason, setReason] = useState("");
  const change = useRowChange(dataset);
  if (error) return <Problem error={error} />;
  if (!data) return <div className="min-h-16" aria-busy="true" />;
  const { excluded, findings, history, texts, record } = data;
  const why = reason.trim() || [...new Set(findings.map(({ check }) => checkTitle(check)))].join(", ") || "by hand";
  const act = (action: "exclude" | "include" | "mask") => change.mutate({ action, of: { rows: [row] }, reason: why });
  const isPrivate = findings.some(({ check }) => check === "private");
  return (
    <section aria-label={`Row ${row}`} className="grid gap-3 px-3 pb-4 md:pl-[7.25rem]">
      {findings.length > 0 && (
        <ul className="text-soft">
          {findings.map(({ check, detail }) => (
            <li key={`${check}${detail}`} className="break-words">
              {checkTitle(check)}: {detail}
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button disabled={change.isPending} onClick={() => act(excluded ? "include" : "exclude")}>
          {excluded ? "Include" : "Exclude"}
        </Button>
        {isPrivate && (
          <Button disabled={change.isPending} onClick={() => act("mask")}>
            Mask
          </Button>
        )}
        <Button disabled={change.isPending} onClick={() => setEditing(!editing)}>
          {editing ? "Close the editor" : "Edit"}
        </Button>
        <input
          aria-label={`Reason for row ${row}`}
          placeholder="Reason (optional)"
          maxLength={200}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          className="w-64 max-w-full rounded-md border bg-canvas px-3 py-1.5"
        />
      </div>
      {editing && (
        <RowEditor
          texts={texts}
          saving={change.isPending}
          onSave={(texts) =>
            change.mutate({ action: "edit", row, texts, reason: why }, { onSuccess: () => setEditing(false) })
          }
        />
      )}
      {history.length > 0 && (
        <ul className="text-soft text-xs">
          {history.map((one) => (
            <li key={one.number}>
              Version {one.number}: {versionWords(one)}, by {one.who}, <When at={one.at} />
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary className="text-soft text-xs">All columns</summary>
        <pre className="overflow-x-auto whitespace-pre-wrap break-words rounded-md bg-raised p-3 font-mono text-xs">
          {record}
        </pre>
      </details>
    </section>
  );
}
