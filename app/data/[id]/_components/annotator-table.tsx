import type { RaterDto } from "@/lib/annotation/agreement/agreement-schema";

const percent = (share: RaterDto["left"]) =>
  share
    ? `${(100 * share.value).toFixed(0)} % (${(100 * share.low).toFixed(0)} to ${(100 * share.high).toFixed(0)}) of ${share.n}`
    : "–";

/** Pace, agreement, reliability and position bias of each annotator. */
export function AnnotatorTable({ raters }: { raters: RaterDto[] }) {
  const checked = { gold: raters.some(({ gold }) => gold), mirror: raters.some(({ mirror }) => mirror) };
  return (
    <div className="relative overflow-x-auto">
      <table className="numbers w-full min-w-[40rem] text-left">
        <thead className="text-soft text-xs">
          <tr>
            <th className="py-1 pr-4 font-medium">Name</th>
            <th className="py-1 pr-4 text-right font-medium">Annotated</th>
            <th className="py-1 pr-4 text-right font-medium">Median time</th>
            <th className="py-1 pr-4 font-medium">Agreement with others</th>
            <th className="py-1 pr-4 text-right font-medium">Reliability</th>
            {checked.gold && <th className="py-1 pr-4 font-medium">Gold accuracy</th>}
            {checked.mirror && <th className="py-1 pr-4 font-medium">Consistency (swapped)</th>}
            <th className="py-1 font-medium">Position bias (chose left)</th>
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
                {left && (left.low > 0.5 || left.high < 0.5) && <span className="ml-2 text-warn">biased</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-soft text-xs">
        In brackets: Wilson 95 % intervals. Sides are random, so 50 % left is expected. Reliability is the estimated
        probability that an annotator picks the better answer (Dawid and Skene 1979, with a prior of 75 %). The
        probability of each label follows from it: exports call it p_chosen, and training can use it as the label's
        confidence.
      </p>
    </div>
  );
}
