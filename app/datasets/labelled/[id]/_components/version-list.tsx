"use client";

import type { VersionDto } from "@/lib/datasets/labelled/versions/versions-schema";
import { Button } from "../../../../ui/buttons";
import { Card } from "../../../../ui/cards";
import { When } from "../../../../ui/when";
import { useRowChange } from "./use-row-change";
import { versionWords } from "./version-words";

/** What was done to the rows since they were imported, newest first; each can be taken back. */
export function VersionList({ id, versions, rows }: { id: number; versions: VersionDto[]; rows: number }) {
  const change = useRowChange(id);
  const undone = new Set(versions.flatMap(({ undoes }) => undoes ?? []));
  return (
    <Card title="Versions">
      <ul className="divide-y">
        {versions.map((one) => (
          <li key={one.number} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5">
            <span className="min-w-0">
              <span className="numbers">Version {one.number}</span>: {versionWords(one)}, by {one.who},{" "}
              <When at={one.at} />
              <span className="numbers text-soft">; {one.rows.toLocaleString("en")} rows</span>
            </span>
            {undone.has(one.number) ? (
              <span className="text-soft">undone</span>
            ) : (
              <Button
                kind="quiet"
                aria-label={`Undo version ${one.number}`}
                disabled={change.isPending}
                onClick={() => change.mutate({ action: "undo", version: one.number })}
              >
                Undo
              </Button>
            )}
          </li>
        ))}
        <li className="numbers py-1.5 text-soft">Version 1: as imported; {rows.toLocaleString("en")} rows</li>
      </ul>
    </Card>
  );
}
