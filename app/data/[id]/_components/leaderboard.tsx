import type { Rating } from "@/lib/annotation/arena/ratings";

/** Models by their rating, best first. */
export function Leaderboard({ ratings }: { ratings: Rating[] }) {
  return (
    <>
      <table className="numbers w-full text-right">
        <thead className="text-soft text-xs">
          <tr>
            <th className="py-1 pr-4 text-left font-medium">Model</th>
            <th className="py-1 pr-4 font-medium">Rating</th>
            <th className="py-1 pr-4 font-medium">95 %</th>
            <th className="py-1 pr-4 font-medium">Win rate</th>
            <th className="py-1 font-medium">Votes</th>
          </tr>
        </thead>
        <tbody>
          {ratings.map(({ writer, rating, low, high, won, votes }) => (
            <tr key={writer} className="border-t">
              <td className="break-all py-2 pr-4 text-left font-medium">{writer}</td>
              <td className="py-2 pr-4">{rating.toFixed(0)}</td>
              <td className="py-2 pr-4">
                {low.toFixed(0)} to {high.toFixed(0)}
              </td>
              <td className="py-2 pr-4">{(100 * won).toFixed(0)} %</td>
              <td className="py-2">{votes}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-soft text-xs">
        Bradley–Terry ratings on the Elo scale: 400 points are odds of ten to one; a tie counts as half a win.
        Annotators do not see which model wrote which answer.
      </p>
    </>
  );
}
