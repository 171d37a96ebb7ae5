"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { runsQuery, samplesQuery } from "@/app/_client/queries";
import type { RunDetail, SampleDto } from "@/lib/runs/run-schema";
import { Card } from "../../../ui/cards";
import { CompletionFacts } from "../../../ui/completion-facts";
import { MarkedText } from "../../../ui/marked-text";
import { samplingWords } from "./verdict";

interface Props {
  run: RunDetail;
  samples: SampleDto[];
}

/** Completions of the same prompts at a chosen step, beside the base model's or another run's last ones. */
export function SampleCompletions({ run: { id, ...run }, samples }: Props) {
  const steps = [...new Set(samples.map(({ step }) => step))];
  const [picked, setPicked] = useState<number | null>(null);
  const [other, setOther] = useState("");
  const [marked, setMarked] = useState(false);
  const { data: runs = [] } = useQuery(runsQuery);
  const { data: otherSamples } = useQuery({ ...samplesQuery(other), enabled: other !== "" });
  const step = picked !== null && steps.includes(picked) ? picked : steps.at(-1);
  if (step === undefined)
    return (
      <Card title="Sample completions">
        <p className="text-soft">{samplingWords(run)}</p>
      </Card>
    );
  const others = runs.filter((run) => run.id !== id && run.latest["on_policy/length"] !== undefined);
  const otherName = others.find((run) => run.id === other)?.name ?? "";
  const compared =
    other === "" ? samples.filter((sample) => sample.step === steps[0]) : lastOf(otherSamples?.answers ?? []);
  const shown = samples.filter((sample) => sample.step === step);
  const shared = shown.filter(({ prompt }) => compared.some((sample) => sample.prompt === prompt)).length;
  return (
    <Card
      title="Sample completions"
      action={
        <div className="flex flex-wrap items-center gap-3 text-soft text-xs">
          {others.length > 0 && (
            <label className="flex flex-wrap items-center gap-2">
              Compare with
              <select
                value={other}
                onChange={(event) => setOther(event.target.value)}
                className="max-w-40 rounded-md border bg-canvas px-2 py-1"
              >
                <option value="">base model</option>
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
            Show diff
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
      {other !== "" && otherSamples && shared === 0 && (
        <p className="mb-3 text-warn">{otherName} has no completions of these prompts.</p>
      )}
      <section className="max-h-[40rem] divide-y overflow-y-auto" tabIndex={0} aria-label="Completions side by side">
        {shown.map((now) => {
          const then = compared.find(({ prompt }) => prompt === now.prompt);
          const label = other === "" ? "Base" : otherName;
          return (
            <article key={now.slot} className="py-3 first:pt-0">
              <h3 className="mb-1.5 font-medium">{now.prompt}</h3>
              <div className="grid gap-3 md:grid-cols-2">
                {then && (
                  <Completion
                    label={`${label} (step ${then.step})`}
                    answer={then}
                    compared={marked ? now.answer : null}
                  />
                )}
                <Completion label={`Step ${now.step}`} answer={now} compared={marked && then ? then.answer : null} />
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

/** Words that the other completion lacks are marked. */
export function Completion({ label, answer, compared }: { label: string; answer: SampleDto; compared: string | null }) {
  return (
    <div className="min-w-0">
      <p className="numbers text-soft text-xs">
        {label} · {answer.tokens} tokens
        <CompletionFacts answer={answer} />
      </p>
      <p className="mt-0.5 whitespace-pre-wrap break-words">
        {answer.answer === "" ? "(empty)" : <MarkedText text={answer.answer} against={compared} />}
      </p>
    </div>
  );
}
