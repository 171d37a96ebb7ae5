"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { runsQuery } from "@/app/_client/queries";
import { buttonClass } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Empty, Page, PageHeader } from "../../ui/screen";
import { DemoButton } from "./demo-button";
import { RunRow } from "./run-row";

export function RunList() {
  const { data: runs = [] } = useQuery({ ...runsQuery, refetchInterval: 2000 });
  return (
    <Page>
      <PageHeader
        title="Runs"
        about="One run trains at a time; the others wait their turn. Closing this page changes nothing."
      >
        <Link href="/runs/new" className={buttonClass("primary")}>
          <Plus size={15} aria-hidden /> New run
        </Link>
      </PageHeader>
      {runs.length === 0 ? (
        <Empty title="Nothing trained yet" action={<DemoButton />}>
          The demo shows a whole run in two minutes, on this machine's processor.
        </Empty>
      ) : (
        <Card>
          <ul className="divide-y">
            {runs.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
        </Card>
      )}
    </Page>
  );
}
