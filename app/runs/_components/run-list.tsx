"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { newestRunsQuery, runsAtOnce } from "@/app/_client/queries";
import { Button, buttonClass } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Empty, Page, PageHeader } from "../../ui/screen";
import { DemoButton } from "./demo-button";
import { RunRow } from "./run-row";

export function RunList() {
  const [shown, setShown] = useState(runsAtOnce);
  // one more than is shown says whether there are more
  const query = { ...newestRunsQuery(shown + 1), refetchInterval: 2000, placeholderData: keepPreviousData };
  const { data: runs = [] } = useQuery(query);
  return (
    <Page>
      <PageHeader
        title="Runs"
        about="One run trains at a time; the others are queued. Runs go on when this page is closed."
      >
        <Link href="/storage" className={buttonClass("quiet")}>
          Storage
        </Link>
        <Link href="/runs/new" className={buttonClass("primary")}>
          <Plus size={15} aria-hidden /> New run
        </Link>
      </PageHeader>
      {runs.length === 0 ? (
        <Empty title="No runs yet" action={<DemoButton />}>
          The quick demo trains a tiny model with DPO on this machine, in a few minutes.
        </Empty>
      ) : (
        <Card>
          <ul className="divide-y">
            {runs.slice(0, shown).map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
          {runs.length > shown && (
            <div className="mt-3 border-t pt-3">
              <Button onClick={() => setShown(shown + runsAtOnce)}>Show {runsAtOnce} more</Button>
            </div>
          )}
        </Card>
      )}
    </Page>
  );
}
