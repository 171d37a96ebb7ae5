"use client";

import { useState } from "react";
import { axes } from "@/lib/runs/compare/compare-schema";
import { Button } from "../../../ui/buttons";
import { LineChart } from "../../../ui/line-chart";
import { Link } from "../../../ui/link";
import { Alerts } from "./alerts";
import { keyCharts } from "./chart-plan";
import { chartGrid, linesOf } from "./charts";
import { useRun } from "./run-context";
import { Completion } from "./sample-completions";
import { Tiles } from "./tiles";
import { samplingWords, verdictOf } from "./verdict";

const fewSamples = 3;

/** Is it learning, is it drifting, what does it say now? */
export function Overview() {
  const { run, lines, samples } = useRun();
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null);
  const marks = run.alerts.map(({ step }) => step);
  const last = samples.answers.at(-1)?.step;
  const shown = samples.answers.filter(({ step }) => step === last).slice(0, fewSamples);
  return (
    <>
      <div className="mb-3 flex min-h-6 items-start justify-between gap-3">
        <p className="numbers">{verdictOf(run, lines)}</p>
        {zoom && (
          <Button kind="quiet" className="-my-1.5 shrink-0" onClick={() => setZoom(null)}>
            Reset zoom
          </Button>
        )}
      </div>
      <Tiles run={run} lines={lines} />
      <Alerts alerts={run.alerts} />
      <section aria-label="Key charts" className={`mt-2 ${chartGrid}`}>
        {keyCharts(run, lines).map(({ name, title, names }) => (
          <LineChart
            key={name}
            title={title}
            names={names}
            lines={linesOf(names, lines, 0)}
            marks={marks}
            axis={axes.step}
            log={false}
            ignoreOutliers={false}
            zoom={zoom}
            onZoom={setZoom}
          />
        ))}
      </section>
      <section aria-label="Newest sample completions" className="mt-4">
        <h2 className="mb-2 flex items-baseline gap-3 text-sm">
          Sample completions
          <Link href={`/runs/${run.id}/samples`} className="font-normal text-accent hover:underline">
            All steps
          </Link>
        </h2>
        {shown.length === 0 ? (
          <p className="text-soft">{samplingWords(run)}</p>
        ) : (
          <ul className={chartGrid}>
            {shown.map((answer) => (
              <li key={answer.slot} className="max-h-64 overflow-y-auto rounded-md border bg-surface p-3">
                <h3 className="mb-1.5 font-medium">{answer.prompt}</h3>
                <Completion label={`Step ${answer.step}`} answer={answer} compared={null} />
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
