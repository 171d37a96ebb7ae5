"use client";

import type { VersionDto } from "@/lib/data-checks/changes-schema";
import { Button } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { When } from "../../ui/when";
import { type CheckedDataset, nounsOf } from "./checked-dataset";
import { useRowChange } from "./use-row-change";
import { versionWords } from "./version-words";

interface Props {
  dataset: CheckedDataset;
  versions: VersionDto[];
  /** Of the import. */
  rows: number;
}

/** What was done to the rows since they were imported, newest first; each can be taken back. */
export function VersionList({ dataset, versions, rows }: Props) {
  const change = useRowChange(dataset);
  const nouns = nounsOf(dataset);
  const undone = new Set(versions.flatMap(({ undoes }) => undoes ?? []));
  return (
    <Card title="Versions">
      <ul className="divide-y">
        {versions.map((one) => (
          <li key={one.number} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5">
            <span className="min-w-0">
              <span className="numbers">Version {one.number}</span>: {versionWords(one, nouns)}, by {one.who},{" "}
              <When at={one.at} />
              <span className="numbers text-soft">
                ; {one.rows.toLocaleString("en")} {nouns[1]}
              </span>
            </span>
            {undone.has(one.number) ? (
              <span className="text-soft">undone</span>
            ) : (
              <Button
                data-needs="write"
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
        <li className="numbers py-1.5 text-soft">
          Version 1: as imported; {rows.toLocaleString("en")} {nouns[1]}
        </li>
      </ul>
    </Card>
  );
}
