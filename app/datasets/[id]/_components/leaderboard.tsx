import type { Rating } from "@/lib/annotation/arena/ratings";
import { Table } from "../../../ui/table";

/** Models by their rating, best first. */
export function Leaderboard({ ratings }: { ratings: Rating[] }) {
  return (
    <>
      <Table
        rows={ratings}
        keyOf={({ writer }) => writer}
        columns={[
          { name: "Model", cell: ({ writer }) => <span className="break-all">{writer}</span> },
          { name: "Rating", numeric: true, cell: ({ rating }) => rating.toFixed(0) },
          { name: "95 %", numeric: true, cell: ({ low, high }) => `${low.toFixed(0)} to ${high.toFixed(0)}` },
          { name: "Win rate", numeric: true, cell: ({ won }) => `${(100 * won).toFixed(0)} %` },
          { name: "Votes", numeric: true, cell: ({ votes }) => votes },
        ]}
      />
      <p className="mt-2 text-soft text-xs">
        Bradley–Terry ratings on the Elo scale: 400 points are odds of ten to one; a tie counts as half a win.
        Annotators do not see which model wrote which answer.
      </p>
    </>
  );
}
