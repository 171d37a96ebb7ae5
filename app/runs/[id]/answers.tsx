"use client";

import { useState } from "react";
import type { AnswerDto } from "@/lib/runs/schema";
import { number } from "../../ui/format";
import { Card } from "../../ui/parts";

/** The same prompts before training and at a chosen step. Hidden prompts, the same random numbers each time. */
export function Answers({ answers }: { answers: AnswerDto[] }) {
  const steps = [...new Set(answers.map(({ step }) => step))];
  const [picked, setPicked] = useState<number | null>(null);
  const step = picked !== null && steps.includes(picked) ? picked : steps.at(-1);
  if (step === undefined)
    return (
      <Card title="What it says">
        <p className="text-soft">
          This run answers no fixed prompts so far. Set "Answer every" on the form to see them.
        </p>
      </Card>
    );
  const at = (wanted: number) => answers.filter((answer) => answer.step === wanted);
  const before = at(steps[0]!);
  return (
    <Card
      title="What it says"
      action={
        <label className="numbers flex items-center gap-2 text-soft text-xs">
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
      }
    >
      <section className="max-h-[40rem] divide-y overflow-y-auto" tabIndex={0} aria-label="Answers before and after">
        {at(step).map((now) => {
          const then = before.find(({ slot }) => slot === now.slot);
          return (
            <article key={now.slot} className="py-3 first:pt-0">
              <h3 className="mb-1.5 font-medium">{now.prompt}</h3>
              <div className="grid gap-3 md:grid-cols-2">
                {then && <Said label={`Before (step ${then.step})`} answer={then} />}
                <Said label={`Step ${now.step}`} answer={now} />
              </div>
            </article>
          );
        })}
      </section>
    </Card>
  );
}

function Said({ label, answer }: { label: string; answer: AnswerDto }) {
  return (
    <div className="min-w-0">
      <p className="numbers text-soft text-xs">
        {label} · {answer.tokens} tokens · KL {number(answer.kl, 2)} nats
        {answer.reward !== null && ` · reward ${number(answer.reward, 2)}`}
        {answer.gold !== null && ` · gold ${answer.gold}`}
      </p>
      <p className="mt-0.5 whitespace-pre-wrap break-words">{answer.answer || "(nothing)"}</p>
    </div>
  );
}
