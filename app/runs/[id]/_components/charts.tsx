import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { curvesQuery } from "@/app/_client/queries";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import type { MetricName } from "@/spec/metrics/catalogue";
import { Button } from "../../../ui/buttons";
import { LineChart } from "../../../ui/line-chart";
import { Calibration } from "./calibration";

interface Chart {
  title: string;
  names: MetricName[];
}

const groups: { title: string; charts: Chart[] }[] = [
  {
    title: "Reward",
    charts: [
      { title: "Accuracy", names: ["eval_rewards/accuracies", "rewards/accuracies"] },
      { title: "Accuracy", names: ["eval_accuracy", "accuracy"] },
      { title: "Rewards", names: ["rewards/chosen", "rewards/rejected", "rewards/margins"] },
      { title: "Scores", names: ["mean_reward", "min_reward", "max_reward"] },
      { title: "Margin", names: ["eval_margin", "margin"] },
      { title: "Score of rollouts", names: ["objective/scores", "objective/rlhf_reward"] },
      {
        title: "Parts of the score",
        names: ["score/model", "score/gold", "score/length", "score/format", "score/pattern", "score/json"],
      },
      { title: "Ensemble deviation", names: ["score/deviation"] },
      { title: "Gold reward", names: ["on_policy/gold"] },
      { title: "Reward", names: ["on_policy/reward"] },
      { title: "Win rate against the reference", names: ["on_policy/win_rate"] },
    ],
  },
  {
    title: "KL",
    charts: [
      { title: "KL to reference", names: ["on_policy/kl"] },
      { title: "KL of rollouts", names: ["objective/kl"] },
      { title: "KL coefficient", names: ["objective/kl_coefficient"] },
      { title: "Reference point", names: ["kl"] },
    ],
  },
  {
    title: "Loss",
    charts: [
      { title: "Loss", names: ["eval_loss", "loss"] },
      { title: "Likelihood of chosen answers", names: ["nll_loss"] },
      { title: "Log odds ratio", names: ["log_odds_chosen"] },
      { title: "Token accuracy", names: ["mean_token_accuracy"] },
      { title: "Gradient norm", names: ["grad_norm"] },
    ],
  },
  {
    title: "Policy and value",
    charts: [
      { title: "Policy loss", names: ["loss/policy_avg"] },
      { title: "Value loss", names: ["loss/value_avg"] },
      { title: "Clipped", names: ["policy/clipfrac_avg", "val/clipfrac_avg"] },
      { title: "Step of the update", names: ["policy/approxkl_avg"] },
      { title: "Entropy", names: ["entropy"] },
      { title: "Policy entropy", names: ["policy/entropy_avg"] },
    ],
  },
  {
    title: "Answers",
    charts: [
      { title: "Answer length", names: ["on_policy/length"] },
      { title: "Rollout length", names: ["objective/length"] },
      { title: "Variety and repetition", names: ["on_policy/distinct_2", "on_policy/repetition"] },
      { title: "Entropy of its answers", names: ["on_policy/entropy"] },
      { title: "Perplexity of general text", names: ["general/perplexity"] },
    ],
  },
  {
    title: "Speed and memory",
    charts: [
      { title: "Speed", names: ["tokens_per_second"] },
      { title: "Memory", names: ["memory"] },
    ],
  },
];

/** One crosshair over all charts; a chart appears once its metric does, and a drag across one asks for what lies there in detail. */
export function Charts({ run, lines }: { run: RunDetail; lines: Curves["lines"] }) {
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null);
  const { data: near } = useQuery({ ...curvesQuery(run.id, zoom), enabled: zoom !== null });
  const shown = zoom && near ? near.lines : lines;
  const present = groups
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

const withLines = ({ title, names }: Chart, lines: Curves["lines"]) => ({
  title,
  lines: names.flatMap((name) => {
    const line = lines[name];
    return line ? [{ name, line }] : [];
  }),
});
const hasLines = ({ lines }: ReturnType<typeof withLines>) => lines.length > 0;
