import type { AgreementDto, Estimate } from "@/lib/annotation/agreement/agreement-schema";

type Shown = NonNullable<AgreementDto["measures"]>;

/** Each statistic with its interval, and what it means in a sentence. */
export function Measures({ measures, shared }: { measures: Shown; shared: number }) {
  const { percent, alphaSide, alphaStrength, kappa } = measures;
  return (
    <>
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Measure label="Same side" estimate={percent} percent>
          Two people who judged the same pair. Published preference data lie between 63 and 77 %.
        </Measure>
        <Measure label="Krippendorff's α, side" estimate={alphaSide}>
          Beyond chance: 0 is chance, 1 is perfect. Any number of people, any pairs.
        </Measure>
        <Measure label="Krippendorff's α, strength" estimate={alphaStrength}>
          The same with how much better as ranks, from second much better to first much better.
        </Measure>
        {kappa && (
          <Measure label={`${kappa.kind === "Cohen" ? "Cohen's" : "Fleiss'"} κ`} estimate={kappa}>
            Beyond what these people's own habits would give by chance.
          </Measure>
        )}
      </dl>
      <p className="mt-3 text-soft text-xs">
        {shared.toLocaleString("en")} pairs were judged by two or more people. In brackets: 95 % intervals from pairs
        drawn anew with replacement.
      </p>
    </>
  );
}

function Measure({
  label,
  estimate: { value, low, high },
  percent = false,
  children,
}: {
  label: string;
  estimate: Estimate;
  percent?: boolean;
  children: string;
}) {
  const shown = (x: number) => (Number.isNaN(x) ? "–" : percent ? (100 * x).toFixed(0) : x.toFixed(2));
  return (
    <div>
      <dt className="font-medium">{label}</dt>
      <dd>
        <span className="numbers text-lg">
          {shown(value)}
          {percent && " %"}
        </span>{" "}
        <span className="numbers text-soft">
          ({shown(low)} to {shown(high)})
        </span>
        <p className="max-w-[48ch] text-soft text-xs">{children}</p>
      </dd>
    </div>
  );
}
