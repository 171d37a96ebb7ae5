"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { toast } from "sonner";
import { send } from "@/lib/fetch";
import { flagReasons } from "@/lib/judgements/flags";
import type { Choice, PairDto } from "@/lib/judgements/schema";
import type { Undone } from "@/lib/judgements/store";
import { pairsQuery } from "@/lib/queries";
import { buttonClass, Empty, Key, Page, Problem } from "../../ui/parts";
import { createActiveClock, followPage } from "./active-time";
import { Dock } from "./dock";
import { Flags } from "./flags";
import { Guide } from "./guide";
import { KeySheet } from "./key-sheet";
import { choiceForKey, sayChoice } from "./keys";
import { flush, post, subscribe, waiting } from "./outbox";
import { type Look, PairView } from "./pair-view";
import { type Field, noWords, WordsPanel } from "./words";

/** The ranking screen: one pair, one key. The next pairs are already here; votes leave through the outbox. */
export function Ranker({ queueId }: { queueId: number }) {
  const client = useQueryClient();
  const query = pairsQuery(queueId);
  const { data, error, isFetching } = useQuery(query);
  const [judged, setJudged] = useState<ReadonlySet<number>>(new Set());
  const [look, setLook] = useState<Look>("rendered");
  const [sheet, setSheet] = useState(false);
  const [guide, setGuide] = useState(false);
  const [said, setSaid] = useState("");
  const [words, setWords] = useState(noWords);
  const [writing, setWriting] = useState<Field | null>(null);
  const [flagging, setFlagging] = useState(false);
  const unsent = useSyncExternalStore(subscribe, waiting, () => 0);

  const pair = data?.pairs.find(({ id }) => !judged.has(id));
  const [clock] = useState(createActiveClock);
  useEffect(() => followPage(clock), [clock]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock restarts with each pair
  useEffect(() => {
    clock.restart(performance.now());
    window.scrollTo({ top: 0 });
  }, [pair?.id]);
  useEffect(() => void flush(), []);

  const refill = useCallback(async () => {
    await flush();
    await client.invalidateQueries({ queryKey: query.queryKey });
  }, [client, query.queryKey]);

  const judge = useCallback(
    (pair: PairDto, choice: Choice) => {
      post({
        key: crypto.randomUUID(),
        itemId: pair.id,
        choice,
        ...words,
        activeMs: clock.read(performance.now()),
      });
      setWords(noWords);
      setWriting(null);
      setFlagging(false);
      const next = new Set(judged).add(pair.id);
      setJudged(next);
      setSaid(`Saved: ${sayChoice(choice)}.`);
      const left = data?.pairs.filter(({ id }) => !next.has(id)).length ?? 0;
      if (left <= 10) void refill();
    },
    [judged, data, words, clock, refill],
  );

  const undo = useCallback(async () => {
    if (!navigator.onLine) return void toast("You are offline. Undo works again once your votes are sent.");
    await flush();
    try {
      const undone = await send<Undone | null>("POST", "/api/judgements/undo", { key: crypto.randomUUID(), queueId });
      if (!undone) return void toast("Nothing to undo in this queue.");
      await client.cancelQueries({ queryKey: query.queryKey });
      client.setQueryData(
        query.queryKey,
        (old) => old && { ...old, pairs: [undone.pair, ...old.pairs.filter(({ id }) => id !== undone.pair.id)] },
      );
      setJudged((before) => new Set([...before].filter((id) => id !== undone.pair.id)));
      setWords({ rationale: undone.rationale ?? "", rewrite: undone.rewrite ?? "" });
      setSaid(`Undone: ${sayChoice(undone.choice)}.`);
      await client.invalidateQueries({ queryKey: query.queryKey });
    } catch (error) {
      toast.error(error instanceof Error ? error.message : "The undo did not reach the server.");
    }
  }, [client, query.queryKey, queueId]);

  const toggle = useCallback((wanted: Look) => setLook((now) => (now === wanted ? "rendered" : wanted)), []);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.repeat || event.altKey || target.closest("input, textarea, select, [role=dialog]")) return;
      const key = event.key.toLowerCase();
      if (key === "z") {
        event.preventDefault();
        void undo();
      } else if (event.ctrlKey || event.metaKey) return;
      else if (flagging && pair) {
        const reason = flagReasons[Number(key) - 1];
        if (reason) judge(pair, { kind: "flag", reason });
        else if (key === "escape") setFlagging(false);
      } else if (key === "f") setFlagging(true);
      else if (key === "r" || key === "e") {
        event.preventDefault(); // the letter is no part of what is written
        setWriting(key === "r" ? "rationale" : "rewrite");
      } else if (key === "m") toggle("raw");
      else if (key === "d") toggle("diff");
      else if (key === "g") setGuide((open) => !open);
      else if (key === "?") setSheet(true);
      else {
        const choice = choiceForKey(key);
        if (choice && pair) judge(pair, choice);
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [judge, undo, toggle, flagging, pair]);

  if (error) return <Page>{<Problem error={error} />}</Page>;
  if (!data) return null;
  const { queue } = data;
  const pending = [...judged].filter((id) => data.pairs.some((p) => p.id === id)).length;
  const done = Math.min(queue.progress.total, queue.progress.judged + pending);

  return (
    <div className="flex min-h-[calc(100dvh-5rem)] flex-col md:min-h-dvh">
      <header className="sticky top-0 z-20 flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 border-b bg-canvas px-4 py-2">
        <h1 className="text-sm">{queue.name}</h1>
        <span className="numbers text-soft">
          {done} / {queue.progress.total}
        </span>
        <span className="ml-auto flex items-center gap-3 text-soft">
          <span className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2 rounded-full ${unsent === 0 ? "bg-good" : "bg-warn"}`} />
            {unsent === 0 ? "Saved" : `${unsent} to send`}
          </span>
          <button
            type="button"
            aria-expanded={guide}
            onClick={() => setGuide((open) => !open)}
            className="flex items-center gap-1.5 rounded-md px-1.5 py-1 hover:bg-raised"
          >
            <Key>G</Key> guide
          </button>
          <KeySheet open={sheet} onOpenChange={setSheet} />
        </span>
      </header>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {guide && <Guide queue={queue} />}
      {pair ? (
        <>
          <PairView pair={pair} look={look} about={queue.about} />
          <Dock
            onChoose={(choice) => judge(pair, choice)}
            onUndo={undo}
            onLook={toggle}
            look={look}
            canUndo={queue.progress.canUndo || judged.size > 0}
            written={words}
            onWrite={setWriting}
            onFlag={() => setFlagging(true)}
          >
            {flagging ? (
              <Flags onFlag={(reason) => judge(pair, { kind: "flag", reason })} onCancel={() => setFlagging(false)} />
            ) : (
              writing && (
                <WordsPanel
                  words={words}
                  open={writing}
                  left={pair.left}
                  right={pair.right}
                  onWrite={setWords}
                  onClose={() => setWriting(null)}
                />
              )
            )}
          </Dock>
        </>
      ) : isFetching || pending > 0 ? (
        <p className="p-8 text-center text-soft">Fetching the next pairs…</p>
      ) : queue.open !== null && queue.open > 0 ? (
        <Page>
          <Empty
            title="Nothing for you just now"
            action={
              <button type="button" onClick={() => void refill()} className={buttonClass("primary")}>
                Look again
              </button>
            }
          >
            The {queue.open} pairs that still want a judgement lie before other people, or you have judged them.
          </Empty>
        </Page>
      ) : (
        <Page>
          <Empty
            title="Queue finished"
            action={
              <>
                <Link href={`/runs/new?queue=${queueId}`} className={buttonClass("primary")}>
                  Train on these
                </Link>
                <Link href={`/data/${queueId}`} className={buttonClass()}>
                  What came of it
                </Link>
                <button type="button" onClick={undo} className={buttonClass()}>
                  Undo the last vote
                </button>
              </>
            }
          >
            {queue.progress.total} pairs, {queue.progress.skipped} skipped. Thank you.
          </Empty>
        </Page>
      )}
    </div>
  );
}
