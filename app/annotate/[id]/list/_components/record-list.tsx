"use client";

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Choice, OwnRecordDto } from "@/lib/annotation/judging/judging-schema";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { Key } from "../../../../ui/buttons";
import { createActiveClock, followPage } from "../../_components/active-time";
import { subscribe } from "../../_components/browser-store";
import { actionsOf, bound, isSameChoice, letter, sayChoice } from "../../_components/keys";
import { enter, post, waiting } from "../../_components/outbox";
import { useBindings } from "../../_components/use-bindings";

interface Props {
  annotatorId: number;
  queueId: number;
  mode: QueueDto["mode"];
  records: OwnRecordDto[];
}

/** One line a record; the arrow keys choose a row, the keys of the annotation screen vote on it, Enter opens it. */
export function RecordList({ annotatorId, queueId, mode, records }: Props) {
  const { bindings, off } = useBindings();
  const [at, setAt] = useState(0);
  const [said, setSaid] = useState<ReadonlyMap<number, Choice>>(new Map());
  const [clock] = useState(createActiveClock);
  const list = useRef<HTMLOListElement>(null);
  const unsent = useSyncExternalStore(subscribe, waiting, () => 0);
  useEffect(() => enter(annotatorId), [annotatorId]);
  useEffect(() => followPage(clock), [clock]);
  useEffect(() => {
    clock.restart(performance.now());
    list.current?.querySelectorAll("a")[at]?.focus();
  }, [at, clock]);

  const choiceOn = ({ id, said: before }: OwnRecordDto) => said.get(id) ?? before?.choice ?? null;
  const judge = (record: OwnRecordDto, choice: Choice) => {
    if (isSameChoice(choice, choiceOn(record))) return;
    const { id, prompt } = record;
    const activeMs = clock.read(performance.now());
    const revises = choiceOn(record) !== null;
    post({ key: crypto.randomUUID(), itemId: id, choice, activeMs, mirror: false, revises }, prompt);
    setSaid((now) => new Map(now).set(id, choice));
    setAt((now) => Math.min(records.length - 1, now + 1));
  };
  const press = (event: KeyboardEvent) => {
    if (off || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const step = { arrowdown: 1, j: 1, arrowup: -1, k: -1 }[key];
    const record = records[at];
    const choice = bound(actionsOf(mode), bindings).find((action) => action.key === key)?.choice;
    const isStep = step !== undefined && (mode === "scale" || !key.startsWith("arrow"));
    if (isStep) setAt((now) => Math.max(0, Math.min(records.length - 1, now + step)));
    else if (choice && record?.answers.length === 2) judge(record, choice);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
  return (
    <>
      <p className="mb-2 flex flex-wrap items-center gap-x-3 text-soft text-xs">
        <span className="max-md:hidden">
          <Key>J</Key> <Key>K</Key> row, <Key>1</Key> to <Key>0</Key> vote, <Key>Enter</Key> opens it
        </span>
        <span role="status">{unsent === 0 ? "Saved" : `${unsent} to send`}</span>
      </p>
      <ol ref={list} className="rounded-md border bg-surface">
        {records.map((record, i) => {
          const choice = choiceOn(record);
          return (
            <li key={record.id} className="border-t first:border-t-0">
              <a
                href={`/annotate/${queueId}?record=${record.id}`}
                onFocus={() => setAt(i)}
                aria-current={i === at ? "true" : undefined}
                className="grid grid-cols-[3.5rem_1fr] gap-x-3 px-3 py-2 -outline-offset-2 hover:bg-raised aria-current:bg-accent-wash lg:grid-cols-[3.5rem_2fr_3fr_3fr_8rem]"
              >
                <span className="numbers text-soft">#{record.id}</span>
                <span dir="auto" className="truncate font-medium">
                  {record.prompt}
                </span>
                {record.answers.slice(0, 2).map((answer, place) => (
                  <span key={letter(place)} dir="auto" className="truncate max-lg:col-start-2">
                    <span className={`mr-1 font-semibold ${place === 0 ? "text-side-a" : "text-side-b"}`}>
                      {letter(place)}
                    </span>
                    {answer}
                  </span>
                ))}
                <span className={`truncate text-soft max-lg:col-start-2 ${choice ? "" : "max-lg:hidden"}`}>
                  {choice ? sayChoice(choice) : "–"}
                </span>
              </a>
            </li>
          );
        })}
      </ol>
    </>
  );
}
