import { useState } from "react";
import type { RowDetail } from "@/lib/data-checks/changes-schema";
import { Button } from "../../ui/buttons";
import { When } from "../../ui/when";
import { checkTitle } from "./check-words";
import { type CheckedDataset, nounsOf } from "./checked-dataset";
import { RowEditor } from "./row-editor";
import { useRowChange } from "./use-row-change";
import { versionWords } from "./version-words";

interface Props {
  dataset: CheckedDataset;
  row: number;
  detail: Pick<RowDetail, "findings" | "history" | "texts">;
  /** Null where the button that excludes it stands elsewhere. */
  excluded: boolean | null;
}

/** What the checks found in a row or record, what was done to it and by whom, and what can be done. */
export function RowActions({ dataset, row, detail: { findings, history, texts }, excluded }: Props) {
  const [editing, setEditing] = useState(false);
  const [reason, setReason] = useState("");
  const change = useRowChange(dataset);
  const nouns = nounsOf(dataset);
  const why = reason.trim() || [...new Set(findings.map(({ check }) => checkTitle(check)))].join(", ") || "by hand";
  const act = (action: "exclude" | "include" | "mask") => change.mutate({ action, of: { rows: [row] }, reason: why });
  const isPrivate = findings.some(({ check }) => check === "private");
  return (
    <>
      {findings.length > 0 && (
        <ul className="text-soft">
          {findings.map(({ check, detail }) => (
            <li key={`${check}${detail}`} className="break-words">
              {checkTitle(check)}: {detail}
            </li>
          ))}
        </ul>
      )}
      <div data-needs="write" className="flex flex-wrap items-center gap-2">
        {excluded !== null && (
          <Button disabled={change.isPending} onClick={() => act(excluded ? "include" : "exclude")}>
            {excluded ? "Include" : "Exclude"}
          </Button>
        )}
        {isPrivate && (
          <Button disabled={change.isPending} onClick={() => act("mask")}>
            Mask
          </Button>
        )}
        <Button disabled={change.isPending} onClick={() => setEditing(!editing)}>
          {editing ? "Close the editor" : "Edit"}
        </Button>
        <input
          aria-label={`Reason for ${nouns[0]} ${row}`}
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
              Version {one.number}: {versionWords(one, nouns)}, by {one.who}, <When at={one.at} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
