"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { comparedQuery, runsQuery } from "@/app/_client/queries";
import { grouped } from "@/lib/runs/compare/groups";
import { DemoButton } from "../../runs/_components/demo-button";
import { Problem } from "../../ui/cards";
import { Empty, Page, PageHeader } from "../../ui/screen";
import { ConfigDiff } from "./config-diff";
import { Controls } from "./controls";
import { Downloads } from "./downloads";
import { Finals } from "./finals";
import { Frontier } from "./frontier";
import { ImportFolder } from "./import-folder";
import { ImportRun } from "./import-run";
import { Overlays } from "./overlays";
import { ParallelChart } from "./parallel-chart";
import { RunPicker } from "./run-picker";
import { SampleCompletions } from "./sample-completions";
import { searchOf, type View, viewOf } from "./view";

/** How many runs are shown by default. */
const newest = 4;

export function CompareView() {
  const view = viewOf(useSearchParams());
  const show = (change: Partial<View>) =>
    window.history.pushState(null, "", searchOf({ ...view, runs: ids, ...change }));
  const { data: all = [] } = useQuery({ ...runsQuery, refetchInterval: 5000 });
  const measured = all.filter((run) => run.step > 0);
  const ids = view.runs ?? measured.slice(0, newest).map(({ id }) => id);
  const active = all.some((run) => ids.includes(run.id) && (run.status === "running" || run.status === "queued"));
  const compared = useQuery({
    ...comparedQuery(ids),
    placeholderData: keepPreviousData,
    refetchInterval: active ? 3000 : false,
  });
  const runs = ids.length > 0 ? (compared.data ?? []) : [];
  const groups = grouped(runs, view.by);
  const names = new Map(all.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  const add = (id: string) => show({ runs: [...ids, id] });
  if (all.length === 0)
    return (
      <Page>
        <PageHeader title="Compare" />
        <Empty
          title="Nothing to compare yet"
          action={
            <span className="flex flex-wrap justify-center gap-2">
              <DemoButton />
              <ImportRun added={add} />
              <ImportFolder added={add} />
            </span>
          }
        >
          Train two runs, for example with DPO and PPO, to see their rewards and KL on the same axes.
        </Empty>
      </Page>
    );
  return (
    <Page>
      <PageHeader
        title="Compare"
        about="Runs on the same axes. The address holds the whole view, so a link restores it."
      >
        <ImportRun added={add} />
        <ImportFolder added={add} />
        <Downloads runs={runs} />
      </PageHeader>
      <div className="grid items-start gap-4 lg:grid-cols-[17rem_minmax(0,1fr)]">
        <div className="grid gap-4 lg:sticky lg:top-16">
          <RunPicker all={all} picked={ids} pick={(next) => show({ runs: next })} />
          <Controls view={view} runs={runs} show={show} />
        </div>
        <div className="grid min-w-0 gap-4">
          {compared.error && <Problem error={compared.error} />}
          {runs.length === 0 ? (
            <Empty title="Pick runs to compare">Select two or more; the list shows all runs that have started.</Empty>
          ) : (
            <>
              <Frontier groups={groups} view={view} show={show} nameOf={nameOf} />
              <Overlays groups={groups} view={view} show={show} active={active} nameOf={nameOf} />
              <ParallelChart runs={runs} />
              <Finals groups={groups} view={view} show={show} nameOf={nameOf} />
              <ConfigDiff runs={runs} />
              <SampleCompletions runs={runs} />
            </>
          )}
        </div>
      </div>
    </Page>
  );
}
