"use client";

import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { samplesQuery } from "@/app/_client/queries";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { Card } from "../../ui/cards";
import { CompletionFacts } from "../../ui/completion-facts";
import { Choice } from "./controls";
import { Swatch } from "./swatch";

/** Each run's last completion of the same prompt, beside the base model's. */
export function SampleCompletions({ runs }: { runs: ComparedRun[] }) {
  const [picked, setPicked] = useState("");
  const loaded = useQueries({ queries: runs.map(({ id }) => samplesQuery(id)) });
  const completed = runs.flatMap((run, i) => {
    const answers = loaded[i]?.data?.answers ?? [];
    const last = answers.at(-1)?.step;
    return last === undefined
      ? []
      : [{ run, last: answers.filter(({ step }) => step === last), first: answers.filter(({ step }) => step === 0) }];
  });
  const prompts = [...new Set(completed.flatMap(({ last }) => last.map(({ prompt }) => prompt)))];
  const shared = prompts.filter((prompt) =>
    completed.every(({ last }) => last.some((answer) => answer.prompt === prompt)),
  );
  const prompt = prompts.includes(picked) ? picked : (shared[0] ?? prompts[0]);
  if (prompt === undefined) return null;
  const base = completed.flatMap(({ first }) => first.filter((answer) => answer.prompt === prompt))[0];
  return (
    <Card
      title="Sample completions"
      action={
        <Choice label="Prompt" value={prompt} onChange={setPicked}>
          {[...shared, ...prompts.filter((other) => !shared.includes(other))].map((text) => (
            <option key={text} value={text}>
              {text.slice(0, 60)}
            </option>
          ))}
        </Choice>
      }
    >
      <p className="mb-3 font-medium">{prompt}</p>
      <ul className="grid gap-3 md:grid-cols-2">
        {base && (
          <li className="rounded-md border border-dashed p-3">
            <p className="text-soft text-xs">Base model</p>
            <p className="mt-1 whitespace-pre-wrap break-words">{base.answer || "(empty)"}</p>
          </li>
        )}
        {completed.map(({ run, last }) => {
          const answer = last.find((one) => one.prompt === prompt);
          return (
            <li key={run.id} className="min-w-0 rounded-md border p-3">
              <p className="numbers flex flex-wrap items-center gap-x-2 text-soft text-xs">
                <Swatch number={run.number} /> {run.name}
                {answer && ` · step ${answer.step}`}
                {answer && <CompletionFacts answer={answer} />}
              </p>
              <p className="mt-1 whitespace-pre-wrap break-words">
                {answer ? answer.answer || "(empty)" : "no completion of this prompt"}
              </p>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
