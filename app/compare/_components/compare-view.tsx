"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { comparedQuery, runsQuery } from "@/app/_client/queries";
import { grouped } from "@/lib/runs/compare/groups";
import { DemoButton } from "../../runs/_components/demo-button";
import { Problem } from "../../ui/cards";
import { Empty } from "../../ui/empty";
import { Page, PageHeader } from "../../ui/screen";
import { Controls } from "./controls";
import { Downloads } from "./downloads";
import { ImportFolder } from "./import-folder";
import { ImportRun } from "./import-run";
import { RunPicker } from "./run-picker";
import { CompareTabs } from "./tabs";
import { comparedIds, type Show, searchOf, viewOf } from "./view";
import { Waiting } from "./waiting";

export function CompareView() {
  const view = viewOf(useSearchParams());
  const { data: all = [] } = useQuery({ ...runsQuery, refetchInterval: 5000 });
  const ids = comparedIds(view, all);
  const show: Show = (change) => {
    const address = viewOf(new URLSearchParams(window.location.search)); // `view` is behind it until the next render
    const now = { ...address, runs: comparedIds(address, all) };
    window.history.pushState(null, "", searchOf({ ...now, ...(typeof change === "function" ? change(now) : change) }));
  };
  const active = all.some((run) => ids.includes(run.id) && (run.status === "running" || run.status === "queued"));
  const compared = useQuery({
    ...comparedQuery(ids),
    placeholderData: keepPreviousData,
    refetchInterval: active ? 3000 : false,
  });
  const hidden = view.hidden.join();
  const runs = useMemo(() => {
    const isShown = ({ id }: { id: string }) => !hidden.split(",").includes(id);
    return ids.length > 0 ? (compared.data ?? []).filter(isShown) : [];
  }, [ids.length, compared.data, hidden]);
  const groups = useMemo(() => grouped(runs, view.by), [runs, view.by]);
  const nameOf = useMemo(() => {
    const names = new Map(all.map(({ id, name }) => [id, name]));
    return (id: string) => names.get(id) ?? id;
  }, [all]);
  const add = (id: string) => show(({ runs }) => ({ runs: [...runs, id] }));
  const base = groups.find(({ name }) => name === view.base) ?? groups[0];
  if (all.length === 0) return <NothingYet add={add} />;
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
      <div className="grid items-start gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <div className="min-w-0 lg:sticky lg:top-16">
          <RunPicker all={all} picked={ids} hidden={view.hidden} show={show} />
        </div>
        <div className="grid min-w-0 gap-4">
          {compared.error && <Problem error={compared.error} />}
          {base === undefined ? (
            <Empty title={compared.isLoading ? "Loading runs…" : "Pick runs to compare"}>
              Select two or more; the list shows all runs.
            </Empty>
          ) : (
            <>
              <Controls view={view} runs={runs} groups={groups} base={base} show={show} />
              <Waiting runs={all.filter(({ id }) => runs.some((run) => run.id === id))} />
              <CompareTabs {...{ view, show, runs, groups, base, active, nameOf }} />
            </>
          )}
        </div>
      </div>
    </Page>
  );
}

const NothingYet = ({ add }: { add: (id: string) => void }) => (
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
