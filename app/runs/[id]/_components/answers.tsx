"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { runsQuery, samplesQuery } from "@/app/_client/queries";
import type { SampleDto } from "@/lib/runs/run-schema";
import { AnswerFacts } from "../../../ui/answer-facts";
import { Card } from "../../../ui/cards";
import { wordDiff } from "../../../ui/word-diff";

interface Props {
  id: string;
  answers: SampleDto[];
}

/** The same prompts at a chosen step, beside what was said before training or what another run says in the end. */
export function Answers({ id, answers }: Props) {
  const steps = [...new Set(answers.map(({ step }) => step))];
  const [picked, setPicked] = useState<number | null>(null);
  const [other, setOther] = useState("");
  const [marked, setMarked] = useState(false);
  const { data: runs = [] } = useQuery(runsQuery);
  const { data: elsewhere } = useQuery({ ...samplesQuery(other), enabled: other !== "" });
  const step = picked !== null && steps.includes(picked) ? picked : steps.at(-1);
  if (step === undefined)
    return (
      <Card title="What it says">
        <p className="text-soft">
          This run answers no fixed prompts so far. Set "Answer every" on the form to see them.
        </p>
      </Card>
    );
  const others = runs.filter((run) => run.id !== id && run.latest["on_policy/length"] !== undefined);
  const otherName = others.find((run) => run.id === other)?.name ?? "";
  const beside = other === "" ? answers.filter((answer) => answer.step === steps[0]) : lastOf(elsewhere?.answers ?? []);
  const shown = answers.filter((answer) => answer.step === step);
  const shared = shown.filter(({ prompt }) => beside.some((answer) => answer.prompt === prompt)).length;
  return (
    <Card
      title="What it says"
      action={
        <div className="flex flex-wrap items-center gap-3 text-soft text-xs">
          {others.length > 0 && (
            <label className="flex items-center gap-2">
              Beside
              <select
                value={other}
                onChange={(event) => setOther(event.target.value)}
                className="max-w-40 rounded-md border bg-canvas px-2 py-1"
              >
                <option value="">before training</option>
                {others.map((run) => (
                  <option key={run.id} value={run.id}>
                    {run.name}
                  </option>
                ))}
              </select>
            </label>
          )}
          <label className="flex items-center gap-1.5">
            <input
              type="checkbox"
              checked={marked}
              onChange={(event) => setMarked(event.target.checked)}
              className="accent-(--accent)"
            />
            Mark what differs
          </label>
          <label className="numbers flex items-center gap-2">
            Step {step}
            <input
              type="range"
              min={0}
              max={steps.length - 1}
              value={steps.indexOf(step)}
              onChange={(event) => setPicked(steps[Number(event.target.value)]!)}
              className="w-32 accent-(--accent)"
              aria-valuetext={`step ${step}`}
            />
          </label>
        </div>
      }
    >
      {other !== "" && elsewhere && shared === 0 && (
        <p className="mb-3 text-warn">{otherName} was asked none of these prompts.</p>
      )}
      <section className="max-h-[40rem] divide-y overflow-y-auto" tabIndex={0} aria-label="Answers side by side">
        {shown.map((now) => {
          const then = beside.find(({ prompt }) => prompt === now.prompt);
          const label = other === "" ? "Before" : otherName;
          return (
            <article key={now.slot} className="py-3 first:pt-0">
              <h3 className="mb-1.5 font-medium">{now.prompt}</h3>
              <div className="grid gap-3 md:grid-cols-2">
                {then && (
                  <Said label={`${label} (step ${then.step})`} answer={then} beside={marked ? now.answer : null} />
                )}
                <Said label={`Step ${now.step}`} answer={now} beside={marked && then ? then.answer : null} />
              </div>
            </article>
          );
        })}
      </section>
    </Card>
  );
}

function lastOf(answers: SampleDto[]): SampleDto[] {
  const last = answers.at(-1)?.step;
  return answers.filter(({ step }) => step === last);
}

/** Words that the answer beside it lacks are marked. */
function Said({ label, answer, beside }: { label: string; answer: SampleDto; beside: string | null }) {
  const parts = beside === null ? [{ text: answer.answer, own: false }] : wordDiff(answer.answer, beside).left;
  return (
    <div className="min-w-0">
      <p className="numbers text-soft text-xs">
        {label} · {answer.tokens} tokens
        <AnswerFacts answer={answer} />
      </p>
      <p className="mt-0.5 whitespace-pre-wrap break-words">
        {answer.answer === "" && "(nothing)"}
        {parts.map(({ text, own }, i) =>
          own ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts stand in order
            <mark key={i} className="rounded-sm bg-accent-wash text-ink underline decoration-dotted">
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </p>
    </div>
  );
}
