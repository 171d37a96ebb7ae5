"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { request } from "@/app/_client/checked-fetch";
import type { ExportName } from "@/lib/datasets/snapshots/export-filter";
import { type ExportFilter, exportPreview } from "@/lib/datasets/snapshots/export-filter";
import { isAlone, type Question } from "@/spec/queue-options";
import { buttonClass } from "../../../../ui/buttons";
import { Card, Problem } from "../../../../ui/cards";
import { Link } from "../../../../ui/link";
import { useHydrated } from "../../../../ui/use-hydrated";
import { useSettled } from "../../../../ui/use-settled";
import { Filters } from "./filters";
import { formsFor } from "./forms";

interface Props {
  id: number;
  counts: Record<ExportName, number>;
  /** The view of the records browser to which pairs are limited, and in words; empty without. */
  records: string;
  words: string;
  question: Question;
}

/** The dataset in the formats of other programs: how much each holds, its first rows, and the file. */
export function ExportView({ id, counts, records, words, question }: Props) {
  const hydrated = useHydrated();
  const forms = formsFor[question];
  const [chosen, setChosen] = useState<ExportName>(forms.find(({ rows }) => counts[rows] > 0)?.rows ?? "items");
  const [filter, setFilter] = useState<ExportFilter>({ records });
  const settled = useSettled(filter, 300);
  const form = forms.find(({ rows }) => rows === chosen)!;
  const searchFor = (limits: ExportFilter) =>
    new URLSearchParams({
      rows: chosen,
      ...(form.filtered &&
        Object.fromEntries(Object.entries(limits).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])))),
    }).toString();
  const search = searchFor(settled);
  const { data, error } = useQuery({
    queryKey: ["export", id, search],
    queryFn: () => request(`/api/queues/${id}/export/preview?${search}`, exportPreview),
    enabled: chosen !== "items" && counts[chosen] > 0,
  });
  const rows = chosen === "items" ? counts.items : data?.rows;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,4fr)]">
      <Card title="Form">
        <fieldset disabled={!hydrated} className="grid gap-1">
          <legend className="sr-only">Form</legend>
          {forms.map(({ rows, name, about, unit }) => (
            <label
              key={rows}
              className="flex cursor-pointer gap-2.5 rounded-md border border-transparent px-2 py-1.5 hover:bg-raised has-disabled:cursor-default has-checked:border-accent has-checked:bg-accent-wash"
            >
              <input
                type="radio"
                name="form"
                className="mt-1 accent-(--accent)"
                checked={rows === chosen}
                disabled={counts[rows] === 0}
                onChange={() => setChosen(rows)}
              />
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap justify-between gap-x-3">
                  <span className="font-medium">{name}</span>
                  <span className="numbers text-soft">
                    {counts[rows].toLocaleString("en")} {unit}
                  </span>
                </span>
                <span className="block text-soft text-xs">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </Card>
      <Card title={form.name}>
        {form.filtered && records !== "" && (
          <p className="mb-3 flex flex-wrap items-center gap-2">
            <span>
              Only records with <span className="font-medium">{words}</span>
            </span>
            <Link href={`/datasets/${id}/export`} className="text-accent underline">
              All records
            </Link>
          </p>
        )}
        {form.filtered && <Filters filter={filter} single={isAlone(question)} onChange={setFilter} />}
        {error && <Problem error={error} />}
        <div className="my-3 flex flex-wrap items-center gap-3">
          {rows ? (
            <a href={`/api/queues/${id}/export?${searchFor(filter)}`} download className={buttonClass("primary")}>
              <Download size={15} aria-hidden /> Download
            </a>
          ) : (
            <button type="button" disabled className={buttonClass("primary")}>
              <Download size={15} aria-hidden /> Download
            </button>
          )}
          <span role="status" className="numbers text-soft">
            {counts[chosen] === 0
              ? "Nothing to export yet."
              : rows === undefined
                ? "Counting…"
                : form.rows === "card" || form.rows === "llama-factory-info"
                  ? "1 file"
                  : `${rows.toLocaleString("en")} of ${counts[chosen].toLocaleString("en")} ${form.unit}`}
          </span>
        </div>
        {data && data.rows > 0 && (
          <section
            tabIndex={0}
            aria-label="First rows"
            className="max-h-[36rem] overflow-y-auto rounded-md bg-raised p-3"
          >
            <pre className="whitespace-pre-wrap break-words font-mono text-xs">
              {data.first.map(indented).join("\n")}
            </pre>
          </section>
        )}
        {data?.rows === 0 && <p className="text-soft">No row is left with these limits.</p>}
      </Card>
    </div>
  );
}

const longest = 1200;

/** A JSON row over several lines; what is none as it is. */
function indented(line: string): string {
  const text = line.startsWith("{") ? JSON.stringify(JSON.parse(line), null, 1) : line;
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
