"use client";

import { type ReactNode, useState } from "react";
import type { Section } from "@/lib/markdown/sections";
import { Button } from "../../ui/buttons";
import { Prose } from "../../ui/prose";
import { answerName } from "./looks";
import { Slider } from "./slider";
import { start } from "./start";
import { CancelPlot, ImplicitRewardPlot, ObjectivePlot, OffTheDataPlot, OptimumPlot } from "./step-plots";

const atFirst = {
  beta: start.beta,
  reward: start.reward,
  steps: start.steps.first,
  above: start.other.above,
  compared: start.compared,
};

/** The text of docs/derivation.md, each step beside its plot, and the table that all plots are of. */
export function Derivation({ sections }: { sections: Section[] }) {
  const [{ beta, reward, steps, above, compared }, setState] = useState(atFirst);
  const set = (change: Partial<typeof atFirst>) => setState((state) => ({ ...state, ...change }));
  const table = { reference: start.reference, reward, beta };
  const plots = [
    <ObjectivePlot key={1} {...table} />,
    <OptimumPlot key={2} table={table} steps={steps} setSteps={(steps) => set({ steps })} />,
    <ImplicitRewardPlot key={3} table={table} steps={steps} />,
    <CancelPlot key={4} table={table} above={above} setAbove={(above) => set({ above })} />,
    <OffTheDataPlot key={5} table={table} compared={compared} setCompared={(compared) => set({ compared })} />,
  ];
  return (
    <div className="grid gap-4">
      <section
        aria-label="The table"
        className="z-20 rounded-md border bg-surface p-3 lg:sticky lg:top-14 short:static"
      >
        <div className="grid items-end gap-x-5 gap-y-1 min-[26rem]:grid-cols-2 md:grid-cols-3 xl:grid-cols-[repeat(6,minmax(0,1fr))_auto]">
          <Slider label="β" {...{ value: beta, ...start.betas, onChange: (beta: number) => set({ beta }) }} />
          {reward.map((r, y) => (
            <Slider
              key={answerName(y)}
              label={`r(${answerName(y)})`}
              about={`π_ref ${start.reference[y]}`}
              {...{ value: r, ...start.rewards, written: r.toFixed(1) }}
              onChange={(r) => set({ reward: reward.map((old, other) => (other === y ? r : old)) })}
            />
          ))}
          <Button onClick={() => setState(atFirst)}>Reset</Button>
        </div>
      </section>
      {sections.map((section, i) => (
        <Step key={section.title} section={section}>
          {plots[i]}
        </Step>
      ))}
    </div>
  );
}

const Step = ({ section: { title, html }, children }: { section: Section; children: ReactNode }) => (
  <section className="min-w-0 rounded-md border bg-surface p-4">
    <h2 className="mb-3 text-base">{title}</h2>
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
      <Prose html={html} />
      <div className="min-w-0">{children}</div>
    </div>
  </section>
);
