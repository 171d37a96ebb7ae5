"use client";

import { useQuery } from "@tanstack/react-query";
import { request } from "@/app/_client/checked-fetch";
import {
  type DataCheck,
  dataCheckReport,
  dataChecks,
  type FindingDto,
} from "@/lib/annotation/data-checks/data-checks-schema";
import { Card, Problem } from "../../../../ui/cards";
import { Empty } from "../../../../ui/screen";
import { useExclusion } from "../../_components/use-exclusion";
import { Findings } from "./findings";

/** Findings by check. Nothing is excluded unless somebody says so, and anything can be included again. */
export function DataChecks({ queueId }: { queueId: number }) {
  const queryKey = ["data-checks", queueId];
  const { data, error } = useQuery({
    queryKey,
    queryFn: () => request(`/api/queues/${queueId}/doctor`, dataCheckReport),
    staleTime: Number.POSITIVE_INFINITY, // checked again when something is excluded
  });
  const exclude = useExclusion(queueId);
  if (error) return <Problem error={error} />;
  if (!data)
    return (
      <p role="status" className="text-soft">
        Checking every record; 100,000 take about two minutes.
      </p>
    );
  const { pairs, excluded, findings, longerWins } = data;
  const found = (Object.keys(dataChecks) as DataCheck[]).flatMap((check): [DataCheck, FindingDto[]][] => {
    const own = findings.filter((finding) => finding.check === check);
    return own.length > 0 ? [[check, own]] : [];
  });
  const percent = (share: number) => (100 * share).toFixed(0);
  return (
    <div className="grid gap-4">
      <p className="numbers text-soft">
        {pairs.toLocaleString("en")} records, {excluded.toLocaleString("en")} excluded.{" "}
        {longerWins &&
          `The longer answer is preferred in ${percent(longerWins.share)} % (${percent(longerWins.low)} to ${percent(longerWins.high)}) of ${longerWins.pairs.toLocaleString("en")} labelled pairs.`}
      </p>
      {found.length === 0 && (
        <Empty title="No issues found">No duplicates, no contradictory labels, no personal data or keys.</Empty>
      )}
      {found.map(([check, own]) => (
        <Card key={check} title={`${dataChecks[check].title}: ${own.length.toLocaleString("en")}`}>
          <p className="mb-2 max-w-[70ch] text-soft">{dataChecks[check].means}</p>
          <Findings
            queueId={queueId}
            findings={own}
            busy={exclude.isPending}
            onExclude={(itemIds, out) => exclude.mutate({ itemIds, excluded: out, reason: dataChecks[check].title })}
          />
        </Card>
      ))}
    </div>
  );
}
