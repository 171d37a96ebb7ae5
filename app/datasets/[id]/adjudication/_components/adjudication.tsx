"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useCallback, useEffect, useMemo, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { disputesQuery } from "@/app/_client/queries";
import { type DisputeDto, disputes as disputesSchema, type RulingInput } from "@/lib/annotation/judging/judging-schema";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { isAlone } from "@/spec/queue-options";
import { Comments } from "../../../../_comments/comments";
import { useCommentNews } from "../../../../_comments/use-comment-news";
import { Steps } from "../../../../annotate/[id]/_components/later";
import { type Look, PairView } from "../../../../annotate/[id]/_components/pair-view";
import { Button, Key } from "../../../../ui/buttons";
import { Empty } from "../../../../ui/empty";
import { Link } from "../../../../ui/link";
import { sayError } from "../../../../ui/toast";
import { choiceWords, strengthWord } from "../../_components/record-words";
import { RecordEvents } from "../../records/_components/record-events";
import { recordQuery } from "../../records/_components/records-queries";
import { ReturnForm } from "./return-form";

interface RulingChoice extends Pick<RulingInput, "ruling" | "step"> {
  key: string;
  label: string;
}
const choicesOf = (single: boolean): RulingChoice[] => [
  { key: "1", ruling: "left", label: single ? "Good" : "A is better" },
  { key: "2", ruling: "right", label: single ? "Bad" : "B is better" },
  { key: "0", ruling: "neither", label: "Exclude record" },
  clear,
];
const clear: RulingChoice = { key: "z", ruling: "withdrawn", label: "Clear decision" };

/** As annotators vote on a solution; steps after the ninth have no key. */
const choicesOn = (steps: number): RulingChoice[] => [
  { key: "0", ruling: "left", label: "All steps right" },
  ...Array.from({ length: steps }, (_, i): RulingChoice => {
    return { key: i < 9 ? String(i + 1) : "", ruling: "right", step: i + 1, label: `Step ${i + 1} is wrong` };
  }),
  { key: "x", ruling: "neither", label: "Exclude record" },
  clear,
];

/** Disputed records one by one, with their votes, and the names where they are wanted; one key decides. */
export function Adjudication({ queue }: { queue: QueueDto }) {
  const single = isAlone(queue.mode);
  const client = useQueryClient();
  const query = disputesQuery(queue.id);
  const { data: disputes = [] } = useQuery(query);
  // The order of the first visit stays, so that a resolved record does not jump away from the reviewer.
  const [order] = useState(() => disputes.map(({ id }) => id));
  const [at, setAt] = useState(0);
  const [returning, setReturning] = useState(false);
  const onComment = useCommentNews(queue.id);
  const [named, setNamed] = useState(false);
  const [look, setLook] = useState<Look>("rendered");
  const pair = disputes.find(({ id }) => id === order[at]);
  const steps = pair?.steps?.length;
  const choices = useMemo(() => (steps === undefined ? choicesOf(single) : choicesOn(steps)), [single, steps]);

  const { mutate, isPending } = useMutation({
    mutationFn: (input: RulingInput) => send("POST", `/api/queues/${queue.id}/disputes`, input, disputesSchema),
    onSuccess: (next, { ruling }) => {
      client.setQueryData(query.queryKey, next);
      if (ruling !== "withdrawn") setAt((now) => Math.min(order.length - 1, now + 1));
    },
    onError: (error) => void sayError(error.message),
  });
  const step = useCallback(
    (by: number) => setAt((now) => Math.max(0, Math.min(order.length - 1, now + by))),
    [order.length],
  );

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.repeat || event.altKey || event.ctrlKey || event.metaKey || target.closest("input, textarea, select"))
        return;
      const key = event.key.toLowerCase();
      const choice = choices.find((one) => one.key === key);
      if (choice && pair && !isPending) mutate({ itemId: pair.id, ruling: choice.ruling, step: choice.step });
      else if (key === "b") {
        event.preventDefault(); // the letter must not be typed into the note
        setReturning(true);
      } else if (key === "[" || key === "]") step(key === "[" ? -1 : 1);
      else if (key === "d" || key === "m") {
        const wanted = key === "d" ? "diff" : "raw";
        setLook((now) => (now === wanted ? "rendered" : wanted));
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [pair, choices, isPending, mutate, step]);

  if (!pair) return <Empty title="No disagreements">Records appear here once two annotators disagree.</Empty>;
  const resolved = disputes.filter(({ ruling }) => ruling !== null).length;
  return (
    <div className="flex min-h-[calc(100dvh-18rem)] flex-col">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="numbers text-soft">
          {at + 1} of {order.length}, {resolved} resolved
        </span>
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={named} onChange={(event) => setNamed(event.target.checked)} />
          Show annotators
        </label>
        <Link href={`/datasets/${queue.id}/records?record=${pair.id}` as Route} className="ml-auto text-soft underline">
          Record {pair.id}
        </Link>
      </div>
      <PairView
        task={pair}
        record={pair.id}
        look={look}
        steps={pair.steps && <Steps steps={pair.steps} raw={look === "raw"} />}
        about={`${single ? "M shows raw text." : "D shows a diff, M raw text."} ${queue.about}`}
      />
      <Votes queueId={queue.id} dispute={pair} named={named} single={single} />
      <section key={pair.id} aria-label="Comments" className="mx-auto w-full max-w-6xl px-4 pb-4">
        <h3 className="text-sm">
          Comments <Key>C</Key>
        </h3>
        <Comments queueId={queue.id} record={pair.id} named={named} onChange={onComment} />
      </section>
      <div className="sticky bottom-14 z-10 mt-auto flex flex-wrap items-center gap-2 border-t bg-canvas px-4 py-3 md:bottom-0">
        {choices.map(({ key, ruling, step, label }) => (
          <Button
            key={label}
            aria-keyshortcuts={key || undefined}
            aria-pressed={pair.ruling === ruling && (step === undefined || pair.ruledStep === step)}
            disabled={isPending || (ruling === "withdrawn" && pair.ruling === null)}
            onClick={() => mutate({ itemId: pair.id, ruling, step })}
            className="aria-pressed:border-accent aria-pressed:bg-accent-wash"
          >
            {key && <Key>{key.toUpperCase()}</Key>} {label}
          </Button>
        ))}
        <Button aria-keyshortcuts="b" aria-expanded={returning} onClick={() => setReturning(true)}>
          <Key>B</Key> Return to annotators
        </Button>
        {returning && (
          <ReturnForm key={pair.id} queueId={queue.id} itemId={pair.id} onClose={() => setReturning(false)} />
        )}
        <span className="ml-auto flex gap-2">
          <Button kind="quiet" aria-keyshortcuts="[" onClick={() => step(-1)} disabled={at === 0}>
            <Key>[</Key> Previous
          </Button>
          <Button kind="quiet" aria-keyshortcuts="]" onClick={() => step(1)} disabled={at === order.length - 1}>
            <Key>]</Key> Next
          </Button>
        </span>
      </div>
    </div>
  );
}

const sideWords = { left: "A", right: "B", tie: "Tie", both_bad: "Both bad" };
const singleWords = { ...sideWords, left: "Good", right: "Bad" };

/** The votes without their names; these, with times, for who asks for them. */
function Votes({
  queueId,
  dispute,
  named,
  single,
}: {
  queueId: number;
  dispute: DisputeDto;
  named: boolean;
  single: boolean;
}) {
  const { id, votes, leftProbability } = dispute;
  const { data: record } = useQuery({ ...recordQuery(queueId, id, false), enabled: named });
  return (
    <section aria-label="Votes" className="mx-auto w-full max-w-6xl px-4 pb-4">
      {named && record ? (
        <RecordEvents record={record} />
      ) : (
        <ul className="grid gap-1">
          {votes.map(({ side, strength, wrongStep, reasons }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: votes are shown without what tells them apart
            <li key={i}>
              <span className="font-medium">
                {wrongStep === null
                  ? (single ? singleWords : sideWords)[side]
                  : choiceWords({ kind: "step", step: wrongStep })}
              </span>
              {strength !== null && !single && ` ${strengthWord(strength)} better`}
              {reasons.length > 0 && <span className="text-soft">: {reasons.join(" · ")}</span>}
            </li>
          ))}
        </ul>
      )}
      <p className="numbers mt-1 text-soft text-xs">
        Probability that {single ? "the answer is good" : "A is better"}, given the reliability of the annotators:{" "}
        {(100 * leftProbability).toFixed(0)} %.
      </p>
    </section>
  );
}
