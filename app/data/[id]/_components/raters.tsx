import type { RaterDto } from "@/lib/annotation/agreement/agreement-schema";

const percent = (share: RaterDto["left"]) =>
  share
    ? `${(100 * share.value).toFixed(0)} % (${(100 * share.low).toFixed(0)} to ${(100 * share.high).toFixed(0)}) of ${share.n}`
    : "–";

/** How each person works: pace, agreement with the others, and whether they lean to a side. */
export function Raters({ raters }: { raters: RaterDto[] }) {
  const checked = { gold: raters.some(({ gold }) => gold), mirror: raters.some(({ mirror }) => mirror) };
  return (
    <div className="relative overflow-x-auto">
      <table className="numbers w-full min-w-[40rem] text-left">
        <thead className="text-soft text-xs">
          <tr>
            <th className="py-1 pr-4 font-medium">Name</th>
            <th className="py-1 pr-4 text-right font-medium">Judged</th>
            <th className="py-1 pr-4 text-right font-medium">Median time</th>
            <th className="py-1 pr-4 font-medium">Agrees with others</th>
            <th className="py-1 pr-4 text-right font-medium">Reliability</th>
            {checked.gold && <th className="py-1 pr-4 font-medium">Right on gold</th>}
            {checked.mirror && <th className="py-1 pr-4 font-medium">Same with sides swapped</th>}
            <th className="py-1 font-medium">Chose the left one</th>
          </tr>
        </thead>
        <tbody>
          {raters.map(({ id, name, judged, seconds, agreement, reliability, gold, mirror, left }) => (
            <tr key={id} className="border-t">
              <td className="py-2 pr-4 font-medium">{name}</td>
              <td className="py-2 pr-4 text-right">{judged}</td>
              <td className="py-2 pr-4 text-right">{seconds.toFixed(1)} s</td>
              <td className="py-2 pr-4">{percent(agreement)}</td>
              <td className="py-2 pr-4 text-right">
                {reliability === null ? "–" : `${(100 * reliability).toFixed(0)} %`}
              </td>
              {checked.gold && <td className="py-2 pr-4">{percent(gold)}</td>}
              {checked.mirror && <td className="py-2 pr-4">{percent(mirror)}</td>}
              <td className="py-2">
                {percent(left)}
                {left && (left.low > 0.5 || left.high < 0.5) && <span className="ml-2 text-warn">leans to a side</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-soft text-xs">
        In brackets: Wilson's 95 % intervals. Side is by chance, so half is expected. Reliability is how often a person
        picks the better answer, as far as the agreement of all tells (Dawid and Skene 1979; 75 % is assumed before it
        tells anything). Each pair's label is as sure as those who gave it: exports call it p_chosen, and training reads
        it where its confidence column says so.
      </p>
    </div>
  );
}
