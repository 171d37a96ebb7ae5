"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { runLogQuery } from "@/app/_client/queries";
import { logLevels, type RunLog } from "@/lib/runs/run-schema";
import { Button } from "../../../ui/buttons";
import { copyText } from "../../../ui/copy-text";
import { useRun } from "./run-context";

type Level = RunLog[number]["level"];

/** What the run reported, and what its process printed; newest first, live while it runs. */
export function LogsTab() {
  const { run } = useRun();
  const { data: log = [] } = useQuery({
    ...runLogQuery(run.id, run.status),
    refetchInterval: run.status === "running" ? 1500 : false,
  });
  const [hidden, setHidden] = useState<Level[]>([]);
  const [search, setSearch] = useState("");
  const shown = log.filter(
    ({ level, text }) => !hidden.includes(level) && text.toLowerCase().includes(search.toLowerCase()),
  );
  const newest = shown.toReversed();
  const text = () =>
    shown.map(({ at, text }) => `${at === null ? "" : `${new Date(at).toISOString()} `}${text}`).join("\n");
  const toggle = (level: Level) =>
    setHidden(hidden.includes(level) ? hidden.filter((other) => other !== level) : [...hidden, level]);
  return (
    <section aria-label="Log">
      <div className="mb-3 flex flex-wrap items-center gap-x-5 gap-y-2">
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder="Find in the log"
          aria-label="Find in the log"
          className="w-56 rounded-md border bg-surface px-2.5 py-1.5"
        />
        {(Object.keys(logLevels) as Level[]).map((level) => (
          <label key={level} className="flex items-center gap-1.5">
            <input
              type="checkbox"
              checked={!hidden.includes(level)}
              onChange={() => toggle(level)}
              className="accent-(--accent)"
            />
            {logLevels[level]} <span className="numbers text-soft text-xs">{countOf(log, level)}</span>
          </label>
        ))}
        <Button onClick={() => void copyText(text(), "Log copied")}>Copy</Button>
        <a
          className="text-accent hover:underline"
          download={`${run.id}.log`}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text())}`}
        >
          Download
        </a>
      </div>
      {newest.length === 0 && (
        <p className="text-soft">{log.length === 0 ? "Nothing reported yet." : "No such line."}</p>
      )}
      <ol
        className="numbers grid max-h-[70vh] gap-1 overflow-y-auto rounded-md border bg-surface p-3 font-mono text-xs empty:hidden"
        tabIndex={0}
        aria-label="Log, newest first"
      >
        {newest.map(({ at, level, text }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are appended only
          <li key={newest.length - i} className="flex gap-3">
            <span className="w-16 shrink-0 text-soft">
              {at === null ? "" : new Date(at).toLocaleTimeString("en-GB")}
            </span>
            <span
              className={`min-w-0 break-words ${level === "warn" ? "text-warn" : level === "output" ? "text-soft" : ""}`}
            >
              {text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const countOf = (log: RunLog, level: Level): number => log.filter((line) => line.level === level).length;
