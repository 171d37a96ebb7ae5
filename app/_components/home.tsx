import { TriangleAlert } from "lucide-react";
import type { Route } from "next";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import type { Activity } from "@/lib/home/activity";
import type { Home } from "@/lib/home/home";
import { buttonClass } from "../ui/buttons";
import { Card, Progress } from "../ui/cards";
import { Link } from "../ui/link";
import { Table } from "../ui/table";
import { When } from "../ui/when";
import { RunRow } from "./run-row";
import { Sparkline } from "./sparkline";
import { TrainingNow } from "./training-now";

/** Row 1: what to go on with, what trains, and the newest alert. */
export function Now({ home }: { home: Home }) {
  const { next, jobs, losses, alert } = home;
  return (
    <div className="mb-4 grid gap-4 [grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))]">
      {next && <Next {...next} />}
      <TrainingNow initial={jobs}>
        <Sparkline values={losses} label={`Loss, from ${losses[0]} to ${losses.at(-1)}`} />
      </TrainingNow>
      {alert && (
        <Card title="Newest alert">
          <p className="flex items-start gap-2">
            <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
            <Sentence {...alert} />
          </p>
        </Card>
      )}
    </div>
  );
}

function Next({ dataset, paceMs }: NonNullable<Home["next"]>) {
  const { id, name, progress } = dataset;
  const begun = progress.judged > 0;
  const left = progress.total - progress.judged;
  const minutes = paceMs === null ? null : Math.ceil((left * paceMs) / 60_000);
  return (
    <Card title={begun ? "Continue where you left off" : "Annotate"}>
      <p className="font-medium">{name}</p>
      <div className="mt-2">
        <Progress value={progress.judged / Math.max(1, progress.total)} label={`${name}: share annotated`} />
      </div>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-3">
        <p className="numbers text-soft">
          {left} left{minutes !== null && ` · ≈ ${minutes} min at your pace`}
        </p>
        <Link href={`/annotate/${id}`} className={buttonClass(begun ? "primary" : "plain")}>
          {begun ? "Continue" : "Start"}
        </Link>
      </div>
    </Card>
  );
}

/** Row 2: the datasets and the runs of most interest. */
export function Lists({ home }: { home: Home }) {
  const { datasets, datasetCount, runs, runCount } = home;
  return (
    <div className="mb-4 grid gap-4 lg:grid-cols-2">
      <Card title="My datasets" action={<All href="/datasets" count={datasetCount} />}>
        {datasets.length === 0 ? (
          <p className="text-soft">
            Nothing to annotate yet.{" "}
            <Link className="text-accent underline" href="/datasets/add">
              Add data
            </Link>
            .
          </p>
        ) : (
          <Table rows={datasets} keyOf={({ id }) => id} columns={columns} />
        )}
      </Card>
      <Card title="Recent runs" action={<All href="/runs" count={runCount} />}>
        {runs.length === 0 ? (
          <p className="text-soft">No runs yet.</p>
        ) : (
          <ul className="divide-y">
            {runs.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

const columns = [
  {
    name: "Name",
    cell: ({ id, name }: QueueDto) => (
      <Link href={`/datasets/${id}`} className="hover:underline">
        {name}
      </Link>
    ),
  },
  {
    name: "Annotated",
    numeric: true,
    cell: ({ progress: { judged, total } }: QueueDto) => `${judged} of ${total}`,
  },
  {
    name: "Go on",
    silent: true,
    numeric: true,
    cell: ({ id, name, progress: { judged, total } }: QueueDto) =>
      judged < total && (
        <Link
          href={`/annotate/${id}`}
          aria-label={`${judged === 0 ? "Start" : "Continue"}: ${name}`}
          className="whitespace-nowrap text-accent hover:underline"
        >
          {judged === 0 ? "Start" : "Continue"}
        </Link>
      ),
  },
];

const All = ({ href, count }: { href: "/datasets" | "/runs"; count: number }) => (
  <Link href={href} className={`${buttonClass("quiet")} -mr-3.5`}>
    All {count}
  </Link>
);

/** Row 3: what everybody did lately. */
export function Activities({ activities }: { activities: Activity[] }) {
  if (activities.length === 0) return null;
  return (
    <Card title="Activity">
      <ul className="divide-y">
        {activities.map((one) => (
          <li key={`${one.kind} ${one.who} ${one.href} ${one.at}`} className="py-2 first:pt-0 last:pb-0">
            <Sentence {...one} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

const Sentence = ({ who, did, what, href, at }: Activity) => (
  <span className="min-w-0">
    <span className="font-medium">{who}</span> {did}{" "}
    <Link href={href as Route} className="hover:underline">
      {what}
    </Link>{" "}
    <span className="text-soft text-xs">
      <When at={at} />
    </span>
  </span>
);
