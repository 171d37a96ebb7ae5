"use client";

import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { samplesQuery } from "@/app/_client/queries";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import type { SampleDto } from "@/lib/runs/run-schema";
import { Card } from "../../ui/cards";
import { CompletionFacts } from "../../ui/completion-facts";
import { MarkedText } from "../../ui/marked-text";
import { BlindVote } from "./blind-vote";
import { Swatch } from "./swatch";

interface Props {
  runs: ComparedRun[];
  /** Whose completions the others are marked against. */
  baseline: string;
}

/** Prompts by runs: each run's last completion, with the base model's before them. */
export function SampleCompletions({ runs, baseline }: Props) {
  const [marked, setMarked] = useState(false);
  const loaded = useQueries({ queries: runs.map(({ id }) => samplesQuery(id)) });
  const completed = runs.flatMap((run, i) => {
    const answers = loaded[i]?.data?.answers ?? [];
    const last = answers.at(-1)?.step;
    return last === undefined
      ? []
      : [{ run, last: answers.filter(({ step }) => step === last), first: answers.filter(({ step }) => step === 0) }];
  });
  const prompts = promptsOf(completed.map(({ last }) => last));
  if (prompts.length === 0)
    return (
      <Card title="Sample completions">
        <p className="text-soft">
          {loaded.some(({ isLoading }) => isLoading) ? "Loading completions…" : "None of these runs has sampled yet."}
        </p>
      </Card>
    );
  const base = completed.flatMap(({ first }) => first);
  const given = (answers: SampleDto[], prompt: string) => answers.find((one) => one.prompt === prompt);
  const reference = completed.find(({ run }) => run.id === baseline)?.last ?? base;
  return (
    <>
      {completed.length > 1 && <BlindVote runs={completed.map(({ run }) => run)} baseline={baseline} />}
      <Card
        title="Sample completions"
        action={
          <label className="flex items-center gap-1.5 text-xs">
            <input
              type="checkbox"
              checked={marked}
              onChange={(event) => setMarked(event.target.checked)}
              className="accent-(--accent)"
            />
            Show diff to the baseline
          </label>
        }
      >
        <section className="max-h-[75dvh] overflow-auto" tabIndex={0} aria-label="Sample completions: table">
          <table className="w-full text-left align-top">
            <thead className="sticky top-0 bg-surface text-soft text-xs">
              <tr>
                <th className="min-w-48 py-1.5 pr-4 font-medium">Prompt</th>
                {base.length > 0 && <th className="min-w-56 px-3 font-medium">Base model</th>}
                {completed.map(({ run, last }) => (
                  <th key={run.id} className="numbers min-w-56 px-3 font-medium">
                    <span className="flex items-center gap-1.5">
                      <Swatch number={run.number} /> {run.name}, step {last[0]!.step}
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y">
              {prompts.map((prompt) => (
                <tr key={prompt}>
                  <th dir="auto" className="wrap-anywhere py-2 pr-4 align-top font-medium">
                    {prompt}
                  </th>
                  {base.length > 0 && <Answer answer={given(base, prompt)} against={null} />}
                  {completed.map(({ run, last }) => (
                    <Answer
                      key={run.id}
                      answer={given(last, prompt)}
                      against={marked && run.id !== baseline ? (given(reference, prompt)?.answer ?? null) : null}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Card>
    </>
  );
}

/** Those that all of them answered come first. */
function promptsOf(answered: SampleDto[][]): string[] {
  const all = [...new Set(answered.flatMap((answers) => answers.map(({ prompt }) => prompt)))];
  const isShared = (prompt: string) => answered.every((answers) => answers.some((one) => one.prompt === prompt));
  return [...all.filter(isShared), ...all.filter((prompt) => !isShared(prompt))];
}

/** `against`: the text that its own words are marked against. */
function Answer({ answer, against }: { answer: SampleDto | undefined; against: string | null }) {
  return (
    <td className="px-3 py-2 align-top">
      {answer ? (
        <>
          <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
            {answer.answer === "" ? "(empty)" : <MarkedText text={answer.answer} against={against} />}
          </p>
          <p className="numbers mt-1 text-soft text-xs">
            {answer.tokens} tokens
            <CompletionFacts answer={answer} />
          </p>
        </>
      ) : (
        <span className="text-soft">no completion of this prompt</span>
      )}
    </td>
  );
}
