"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import type { Choice, OwnRecordDto } from "@/lib/annotation/judging/judging-schema";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { subscribe } from "../../../../ui/browser-store";
import { Key } from "../../../../ui/buttons";
import { createActiveClock, followPage } from "../../_components/active-time";
import { isNumbered } from "../../_components/is-numbered";
import { type Action, actionsOf, bound, isSameChoice, keySign, letter, sayChoice } from "../../_components/keys";
import { enter, post, refusedKeys, waiting } from "../../_components/outbox";
import { RefusedVotes } from "../../_components/refused-votes";
import { useBindings } from "../../_components/use-bindings";

interface Props {
  annotatorId: number;
  queue: Pick<QueueDto, "id" | "mode" | "goldPercent" | "mirrorPercent">;
  /** Their version on this page. */
  guidelines: number;
  records: OwnRecordDto[];
}

/** Keys that go to another row, where they do not vote. */
const steps: Record<string, number> = { j: 1, k: -1, arrowdown: 1, arrowup: -1 };

/** A vote of this visit, until the server refuses it. */
interface Given {
  key: string;
  choice: Choice;
}

/** One line a record; the arrow keys choose a row, the keys of the annotation screen vote on it, Enter opens it. */
export function RecordList({ annotatorId, queue, guidelines, records }: Props) {
  const t = useTranslate();
  const { bindings, off } = useBindings();
  const [at, setAt] = useState(0);
  const [said, setSaid] = useState<ReadonlyMap<number, Given>>(new Map());
  const [clock] = useState(createActiveClock);
  const list = useRef<HTMLOListElement>(null);
  const unsent = useSyncExternalStore(subscribe, waiting, () => 0);
  const refused = useSyncExternalStore(
    subscribe,
    () => refusedKeys().join(),
    () => "",
  );
  const router = useRouter();
  useEffect(() => enter(annotatorId), [annotatorId]);
  useEffect(() => followPage(clock), [clock]);
  useEffect(() => {
    clock.restart(performance.now());
    list.current?.querySelectorAll("a")[at]?.focus();
  }, [at, clock]);

  useEffect(() => {
    if (refused === "") return;
    setSaid((now) => new Map([...now].filter(([, { key }]) => !refused.includes(key))));
    router.refresh(); // another vote of theirs may stand, which the next key revises
  }, [refused, router]);

  // a solution has one line here, which does not show its steps
  const votes = bound(actionsOf(queue.mode, t), bindings).filter(({ choice }) => choice && choice.kind !== "step");
  const choiceOn = ({ id, said: before }: OwnRecordDto) => said.get(id)?.choice ?? before?.choice ?? null;
  const judge = (record: OwnRecordDto, choice: Choice) => {
    if (isSameChoice(choice, choiceOn(record))) return;
    const { id, prompt } = record;
    const activeMs = clock.read(performance.now());
    const revises = choiceOn(record) !== null;
    const key = crypto.randomUUID();
    setSaid((now) => new Map(now).set(id, { key, choice }));
    post({ key, itemId: id, choice, activeMs, mirror: false, revises, guidelines }, prompt);
    setAt((now) => Math.min(records.length - 1, now + 1));
  };
  const press = (event: KeyboardEvent) => {
    if (off || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const step = steps[key];
    const record = records[at];
    const choice = votes.find((action) => action.key === key)?.choice;
    if (choice && record && record.answers.length < 3) judge(record, choice);
    else if (step) setAt((now) => Math.max(0, Math.min(records.length - 1, now + step)));
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
        {!off && <KeyHint votes={votes} />}
        <span role="status">
          {unsent > 0 ? t("screen.toSend", { count: unsent }) : said.size > 0 && t("screen.saved")}
        </span>
        <RefusedVotes />
      </p>
      <ol ref={list} className="rounded-md border bg-surface">
        {records.map((record, i) => {
          const choice = choiceOn(record);
          return (
            <li key={record.id} className="border-t first:border-t-0">
              <a
                href={`/annotate/${queue.id}?record=${record.id}`}
                onFocus={() => setAt(i)}
                aria-current={i === at ? "true" : undefined}
                className={`grid grid-cols-[3.5rem_1fr] gap-x-3 px-3 py-2 -outline-offset-2 hover:bg-raised aria-current:bg-accent-wash ${record.answers.length > 1 ? "lg:grid-cols-[3.5rem_2fr_3fr_3fr_8rem]" : "lg:grid-cols-[3.5rem_2fr_4fr_8rem]"}`}
              >
                <span className="numbers text-soft">{isNumbered(queue) && `#${record.id}`}</span>
                <span dir="auto" className="truncate font-medium">
                  {record.prompt}
                </span>
                {record.answers.slice(0, 2).map((answer, place) => (
                  <span key={letter(place)} dir="auto" className="truncate max-lg:col-start-2">
                    {record.answers.length > 1 && (
                      <span className={`me-1 font-semibold ${place === 0 ? "text-side-a" : "text-side-b"}`}>
                        {letter(place)}
                      </span>
                    )}
                    {answer}
                  </span>
                ))}
                <span className={`truncate text-soft max-lg:col-start-2 ${choice ? "" : "max-lg:hidden"}`}>
                  {choice ? sayChoice(choice, t) : "–"}
                </span>
              </a>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function KeyHint({ votes }: { votes: Action[] }) {
  const t = useTranslate();
  const keys = (names: string[]): ReactNode =>
    names.map((key) => (
      <span key={key}>
        <Key>{keySign(key, t)}</Key>{" "}
      </span>
    ));
  return (
    <span className="flex flex-wrap gap-x-1 max-md:hidden">
      {rich(t, "list.keys", {
        rows: () => keys(Object.keys(steps).filter((key) => votes.every((vote) => vote.key !== key))),
        votes: () => keys(votes.map(({ key }) => key)),
      })}
    </span>
  );
}
