"use client";

import { Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { buttonClass } from "../../ui/buttons";
import { Empty } from "../../ui/empty";
import { Link } from "../../ui/link";
import { Page, PageHeader } from "../../ui/screen";
import { BulkBar } from "./bulk-bar";
import { DemoButton } from "./demo-button";
import { Filters } from "./filters";
import { usePendingDeletions } from "./pending-deletions";
import { Queue } from "./queue";
import { RunsTable } from "./runs-table";
import { filtered, searchOf, type TableView, viewOf } from "./table-view";
import { useRunTable } from "./use-run-table";

interface Props {
  /** The runs as JSON: React would take each value of hundreds of runs through its own format, on the server and here. */
  made: string;
  /** When the page was made, so that the server and the browser say the same dates. */
  now: number;
}

export function RunList({ made, now }: Props) {
  const view = viewOf(useSearchParams());
  const [selected, select] = useState<Record<string, true>>({});
  const { runs: all, at } = useRunTable(made, now);
  const deleted = usePendingDeletions();
  const runs = all.filter(({ id }) => !deleted.includes(id));
  const rows = filtered(runs, view);
  const chosen = rows.filter(({ id }) => selected[id]);
  const show = (change: Partial<TableView>) => {
    const now = viewOf(new URLSearchParams(window.location.search)); // `view` is behind it until the next render
    window.history.replaceState(null, "", searchOf({ ...now, ...change }));
  };
  return (
    <Page>
      <PageHeader
        title="Runs"
        about="One run trains at a time; the others are queued. Runs go on when this page is closed."
      >
        <Link href="/settings/storage" className={buttonClass("quiet")}>
          Storage
        </Link>
        <Link href="/runs/pipeline" data-needs="write" className={buttonClass("quiet")}>
          Pipeline
        </Link>
        <Link href="/runs/new" className={buttonClass("primary")}>
          <Plus size={15} aria-hidden /> New run
        </Link>
      </PageHeader>
      {all.length === 0 ? (
        <Empty title="No runs yet" action={<DemoButton />}>
          The quick demo trains a tiny model with DPO on this machine, in a few minutes.
        </Empty>
      ) : (
        <>
          <Queue runs={runs} />
          <Filters runs={runs} view={view} show={show} />
          <BulkBar shown={rows.length} all={runs.length} chosen={chosen} onDone={() => select({})} />
          {rows.length === 0 ? (
            <Empty title="No run is like that">Change the filters, or search for fewer words.</Empty>
          ) : (
            <RunsTable rows={rows} view={view} show={show} selected={selected} select={select} now={at} />
          )}
        </>
      )}
    </Page>
  );
}
