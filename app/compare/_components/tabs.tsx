"use client";

import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import type { Group } from "@/lib/runs/compare/groups";
import { Card } from "../../ui/cards";
import { ConfigDiff } from "./config-diff";
import { Costs } from "./costs";
import { Evaluations } from "./evaluations";
import { Finals } from "./finals";
import { Frontier } from "./frontier";
import { Overlays } from "./overlays";
import { ParallelChart } from "./parallel-chart";
import { SampleCompletions } from "./sample-completions";
import { reached } from "./trajectories";
import { type Show, type Tab, tabs, type View } from "./view";

interface Props {
  view: View;
  show: Show;
  runs: ComparedRun[];
  groups: Group[];
  base: Group;
  active: boolean;
  nameOf: (id: string) => string;
}

/** One question each: what was reached, how it went, what it cost in KL, what was set, what it says, what goes with what. */
export function CompareTabs({ view, show, runs, groups, base, active, nameOf }: Props) {
  const contents: Record<Tab, ReactNode> = {
    overview: (
      <>
        <Reached sentences={reached(groups, view.reward, nameOf)} />
        <Finals {...{ groups, base, view, show, nameOf }} />
        <Costs groups={groups} reward={view.reward} nameOf={nameOf} />
      </>
    ),
    charts: <Overlays {...{ groups, view, show, active, nameOf }} />,
    frontier: <Frontier {...{ groups, view, show, nameOf }} />,
    config: <ConfigDiff runs={runs} />,
    samples: <SampleCompletions runs={runs} baseline={base.runs[0]!.id} />,
    evaluations: <Evaluations runs={runs} />,
    parallel: <ParallelChart runs={runs} />,
  };
  return (
    // manual: an arrow key moves the focus only, as each opened tab is a step in the history
    <Tabs.Root
      value={view.tab}
      onValueChange={(tab) => show({ tab: tab as Tab })}
      activationMode="manual"
      className="min-w-0"
    >
      <Tabs.List aria-label="Parts of the comparison" className="mb-4 flex gap-1 overflow-x-auto border-b">
        {(Object.keys(tabs) as Tab[]).map((tab) => (
          <Tabs.Trigger
            key={tab}
            value={tab}
            className="whitespace-nowrap border-transparent border-b-2 px-3 py-2 text-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tabs[tab]}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value={view.tab} className="grid gap-4">
        {contents[view.tab]}
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Reached({ sentences }: { sentences: string[] }) {
  if (sentences.length === 0) return null;
  return (
    <Card>
      {sentences.map((sentence) => (
        <p key={sentence} className="numbers">
          {sentence}
        </p>
      ))}
    </Card>
  );
}
