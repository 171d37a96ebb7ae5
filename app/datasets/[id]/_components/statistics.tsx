import type { Route } from "next";
import { leastShared } from "@/lib/annotation/agreement/agreement-schema";
import { queueStatistics } from "@/lib/annotation/queues/run-statistics";
import { buttonClass } from "../../../ui/buttons";
import { Card } from "../../../ui/cards";
import { Link } from "../../../ui/link";
import { Measures } from "./agreement-measures";
import { AnnotatorSummary } from "./annotator-table";
import { Leaderboard } from "./leaderboard";

/** Leaderboard, agreement and annotators. Streamed in when it is ready; the rest of the page does not wait for it. */
export async function Statistics({ id, single }: { id: number; single: boolean }) {
  const { agreement, ratings } = await queueStatistics(id);
  const { raters, shared, measures } = agreement;
  return (
    <>
      {ratings.length > 0 && (
        <Card title="Model leaderboard">
          <Leaderboard ratings={ratings} />
        </Card>
      )}
      <Card title="Agreement">
        {measures ? (
          <Measures measures={measures} shared={shared} single={single} />
        ) : (
          <p className="text-soft">
            {shared === 0 ? "No record has" : `${shared} ${shared === 1 ? "record has" : "records have"}`} annotations
            by two people so far; agreement is shown from {leastShared} records on.
          </p>
        )}
      </Card>
      <Card
        title="Annotators"
        action={
          raters.length > 0 && (
            <Link href={`/datasets/${id}/people` as Route} className={buttonClass()}>
              All figures
            </Link>
          )
        }
      >
        {raters.length === 0 ? <p className="text-soft">No annotations yet.</p> : <AnnotatorSummary raters={raters} />}
      </Card>
    </>
  );
}

export const StatisticsComing = () => (
  <Card title="Agreement">
    <p className="text-soft">Computing agreement…</p>
  </Card>
);
