import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { curvesQuery } from "@/app/_client/queries";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { type MetricName, sections } from "@/spec/metrics/catalogue";
import { Button } from "../../../ui/buttons";
import { LineChart } from "../../../ui/line-chart";
import { Calibration } from "./calibration";

/** One crosshair over all charts; a chart appears once its metric does, and a drag across one asks for what lies there in detail. */
export function Charts({ run, lines }: { run: RunDetail; lines: Curves["lines"] }) {
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null);
  const { data: near } = useQuery({ ...curvesQuery(run.id, zoom), enabled: zoom !== null });
  const shown = zoom && near ? near.lines : lines;
  const present = sections
    .map(({ title, charts }) => ({ title, charts: charts.map((chart) => withLines(chart, shown)).filter(hasLines) }))
    .filter(({ charts }) => charts.length > 0);
  if (present.length === 0 && zoom === null)
    return (
      <p className="mt-4 rounded-md border border-dashed p-6 text-center text-soft">
        The first points appear once the model and the data are loaded.
      </p>
    );
  const marks = run.alerts.map(({ step }) => step);
  return (
    <>
      {zoom && (
        <p className="numbers mt-4 flex items-center gap-3 text-soft">
          Steps {Math.round(zoom.from).toLocaleString("en")} to {Math.round(zoom.to).toLocaleString("en")}
          <Button onClick={() => setZoom(null)}>Whole run</Button>
        </p>
      )}
      {present.map(({ title, charts }) => (
        <section key={title} aria-label={`${title}: charts`} className="mt-5">
          <h2 className="mb-2 text-sm">{title}</h2>
          <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {charts.map(({ title, lines }) => (
              <LineChart
                key={lines.map(({ name }) => name).join()}
                title={title}
                lines={lines}
                marks={marks}
                zoom={zoom}
                onZoom={setZoom}
              />
            ))}
            {title === "Reward" && run.latest["eval_calibration/error"] !== undefined && (
              <Calibration values={run.latest} step={lines["eval_calibration/error"]?.x.at(-1) ?? run.step} />
            )}
          </div>
        </section>
      ))}
    </>
  );
}

const withLines = ({ title, names }: { title: string; names: MetricName[] }, lines: Curves["lines"]) => ({
  title,
  lines: names.flatMap((name) => {
    const line = lines[name];
    return line ? [{ name, line }] : [];
  }),
});
const hasLines = ({ lines }: ReturnType<typeof withLines>) => lines.length > 0;
