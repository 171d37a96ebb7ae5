import type { AgreementDto, Estimate } from "@/lib/annotation/agreement/agreement-schema";

type Shown = NonNullable<AgreementDto["measures"]>;

/** Each statistic with its interval, and what it means in a sentence. */
export function Measures({ measures, shared, single }: { measures: Shown; shared: number; single: boolean }) {
  const { percent, alphaSide, alphaStrength, kappa } = measures;
  return (
    <>
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Measure label="Percent agreement" estimate={percent} percent>
          {single
            ? "How often two annotators of the same answer say the same of it."
            : "How often two annotators of the same record prefer the same answer. Published preference datasets report 63 to 77 %."}
        </Measure>
        <Measure label={`Krippendorff's α${single ? "" : ", side"}`} estimate={alphaSide}>
          Corrected for chance: 0 is chance level, 1 is perfect. Works with any number of annotators and missing votes.
        </Measure>
        {!single && (
          <Measure label="Krippendorff's α, strength" estimate={alphaStrength}>
            The same on the ordinal strength scale.
          </Measure>
        )}
        {kappa && (
          <Measure label={`${kappa.kind === "Cohen" ? "Cohen's" : "Fleiss'"} κ`} estimate={kappa}>
            Corrected for the annotators' own rates of each answer.
          </Measure>
        )}
      </dl>
      <p className="mt-3 text-soft text-xs">
        {shared.toLocaleString("en")} records have annotations by two or more people. In brackets: bootstrap 95 %
        intervals over records.
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
