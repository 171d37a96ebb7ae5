"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import type { CheckInput, ChecksState } from "@/lib/data-checks/checks-schema";
import { Button, buttonClass } from "../../ui/buttons";
import { Card, Problem, Progress } from "../../ui/cards";
import { Empty } from "../../ui/empty";
import { Link } from "../../ui/link";
import { When } from "../../ui/when";
import { CheckForm } from "./check-form";
import { checkMeans, checkTitle } from "./check-words";
import { type CheckedDataset, checksQuery, nounsOf, runChecks } from "./checked-dataset";
import { useRowChange } from "./use-row-change";

interface Props {
  dataset: CheckedDataset;
  /** What else rows may be checked against. */
  datasets: { key: string; name: string }[];
}

/** What the checks found, by check. Nothing is changed unless somebody says so, and everything can be undone. */
export function RowChecks({ dataset, datasets }: Props) {
  const client = useQueryClient();
  const change = useRowChange(dataset);
  const query = checksQuery(dataset);
  const { data, error } = useQuery(change.isPending ? { ...query, refetchInterval: 500 } : query);
  const run = useMutation({
    mutationFn: (input: CheckInput) => runChecks(dataset, input),
    onSuccess: (state) => client.setQueryData(checksQuery(dataset).queryKey, state),
  });
  if (error) return <Problem error={error} />;
  if (!data) return <div className="min-h-40" aria-busy="true" />;
  const { report, running, changing } = data;
  const [, rows] = nounsOf(dataset);
  return (
    <div className="grid gap-4">
      <CheckForm
        datasets={datasets}
        busy={running !== null || run.isPending}
        again={report !== null}
        rows={rows}
        onRun={run.mutate}
      />
      {run.error && <Problem error={run.error} />}
      {running && (
        <div className="max-w-md">
          <p role="status" className="numbers mb-1.5 text-soft">
            Checking the {rows}
            {running.said && `: ${running.said}`}; the jobs menu cancels it.
          </p>
          <Progress value={running.progress ?? 0} label="Checking" />
        </div>
      )}
      {changing && (
        <div className="max-w-md">
          <p role="status" className="numbers mb-1.5 text-soft">
            {changing.title}
            {changing.said && `: ${changing.said}`}; the jobs menu cancels it.
          </p>
          <Progress value={changing.progress ?? 0} label={changing.title} />
        </div>
      )}
      {data.error && (
        <p role="alert" className="text-bad">
          The {rows} were not checked: {data.error}
        </p>
      )}
      {report && (
        <Report
          dataset={dataset}
          report={report}
          open={data.open}
          change={change}
          nameOf={(key) => nameOf(datasets, key)}
        />
      )}
    </div>
  );
}

const nameOf = (datasets: Props["datasets"], key: string) => datasets.find((one) => one.key === key)?.name ?? key;

interface ReportProps {
  dataset: CheckedDataset;
  report: NonNullable<ChecksState["report"]>;
  open: ChecksState["open"];
  change: ReturnType<typeof useRowChange>;
  nameOf: (key: string) => string;
}

/** Where the rows that a check found are listed. */
const rowsOf = ({ kind, id }: CheckedDataset, check: string) =>
  (kind === "labelled"
    ? `/datasets/labelled/${id}/records?${new URLSearchParams({ only: check })}`
    : `/datasets/${id}/records?${new URLSearchParams({ check })}`) as Route;

const percent = (share: number) => (100 * share).toFixed(0);

function Report({ dataset, report, open, change, nameOf }: ReportProps) {
  const [one, noun] = nounsOf(dataset);
  const { rows, version, at, against, languages, checks, longerWins } = report;
  const act = (action: "exclude" | "mask", check: string) =>
    change.mutate({ action, of: { check }, reason: checkTitle(check) });
  return (
    <>
      <p className="numbers text-soft">
        {rows.toLocaleString("en")} {noun} of version {version} checked, <When at={at} />
        {against.length > 0 && `, against ${against.map(nameOf).join(", ")}`}. Languages:{" "}
        {languages
          .slice(0, 8)
          .map(({ language, rows }) => `${language} ${rows.toLocaleString("en")}`)
          .join(", ")}
        .
        {longerWins &&
          ` The longer answer is preferred in ${percent(longerWins.share)} % (${percent(longerWins.low)} to ${percent(longerWins.high)}) of ${longerWins.pairs.toLocaleString("en")} labelled pairs.`}
      </p>
      {checks.length === 0 && (
        <Empty title="No issues found">No duplicates, no contradictory labels, no personal data or keys.</Empty>
      )}
      {checks.map(({ check, rows }) => {
        const left = open[check] ?? rows;
        return (
          <Card key={check} title={`${checkTitle(check)}: ${rows.toLocaleString("en")}`}>
            <p className="mb-2 max-w-[70ch] text-soft">
              {checkMeans(check, one)}{" "}
              {left < rows && `${(rows - left).toLocaleString("en")} of them are excluded or changed by now.`}
            </p>
            <div className="flex flex-wrap gap-2">
              <Link href={rowsOf(dataset, check)} className={buttonClass("plain")}>
                Open the {noun}
              </Link>
              {check === "private" && (
                <Button data-needs="write" disabled={change.isPending || left === 0} onClick={() => act("mask", check)}>
                  Mask {left.toLocaleString("en")}
                </Button>
              )}
              <Button
                data-needs="write"
                disabled={change.isPending || left === 0}
                onClick={() => act("exclude", check)}
              >
                Exclude {left.toLocaleString("en")}
              </Button>
            </div>
          </Card>
        );
      })}
    </>
  );
}
