import { leastShared } from "@/lib/annotation/agreement/agreement-schema";
import { queueStatistics } from "@/lib/annotation/queues/run-statistics";
import { Card } from "../../../ui/cards";
import { Measures } from "./measures";
import { Raters } from "./raters";
import { Ratings } from "./ratings";

/** What the votes say of writers and annotators. Comes when it is ready; the rest of the page does not wait for it. */
export async function Statistics({ id }: { id: number }) {
  const { agreement, ratings } = await queueStatistics(id);
  const { raters, shared, measures } = agreement;
  return (
    <>
      {ratings.length > 0 && (
        <Card title="Who writes better">
          <Ratings ratings={ratings} />
        </Card>
      )}
      <Card title="Agreement">
        {measures ? (
          <Measures measures={measures} shared={shared} />
        ) : (
          <p className="text-soft">
            {shared === 0 ? "No pair has" : `${shared} ${shared === 1 ? "pair has" : "pairs have"}`} been judged by two
            people so far; agreement is shown from {leastShared} on.
          </p>
        )}
      </Card>
      <Card title="Annotators">
        {raters.length === 0 ? <p className="text-soft">Nobody has judged a pair yet.</p> : <Raters raters={raters} />}
      </Card>
    </>
  );
}

export const StatisticsComing = () => (
  <Card title="Agreement">
    <p className="text-soft">Counting what the votes say…</p>
  </Card>
);
