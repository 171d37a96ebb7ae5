import { leastShared } from "@/lib/annotation/agreement/agreement-schema";
import { queueStatistics } from "@/lib/annotation/queues/run-statistics";
import { Card } from "../../../ui/cards";
import { Measures } from "./agreement-measures";
import { AnnotatorTable } from "./annotator-table";
import { Leaderboard } from "./leaderboard";

/** Leaderboard, agreement and annotators. Streamed in when it is ready; the rest of the page does not wait for it. */
export async function Statistics({ id }: { id: number }) {
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
          <Measures measures={measures} shared={shared} />
        ) : (
          <p className="text-soft">
            {shared === 0 ? "No record has" : `${shared} ${shared === 1 ? "record has" : "records have"}`} annotations
            by two people so far; agreement is shown from {leastShared} records on.
          </p>
        )}
      </Card>
      <Card title="Annotators">
        {raters.length === 0 ? <p className="text-soft">No annotations yet.</p> : <AnnotatorTable raters={raters} />}
      </Card>
    </>
  );
}

export const StatisticsComing = () => (
  <Card title="Agreement">
    <p className="text-soft">Computing agreement…</p>
  </Card>
);
