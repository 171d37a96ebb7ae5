import type { Point } from "@/lib/runs/schema";
import type { MetricName } from "@/trainers/metrics";
import { LineChart } from "../../ui/line-chart";
import { Calibration } from "./calibration";

interface Chart {
  title: string;
  names: MetricName[];
  /** Half-width of the 95 % band of the first line, as the metric that holds its standard error. */
  error?: MetricName;
}

const charts: Chart[] = [
  {
    title: "Accuracy",
    names: ["eval_rewards/accuracies", "rewards/accuracies"],
    error: "eval_rewards/accuracies_se",
  },
  { title: "Accuracy", names: ["eval_accuracy", "accuracy"], error: "eval_accuracy_se" },
  { title: "Rewards", names: ["rewards/chosen", "rewards/rejected", "rewards/margins"] },
  { title: "Scores", names: ["mean_reward", "min_reward", "max_reward"] },
  { title: "Margin", names: ["eval_margin", "margin"], error: "eval_margin_se" },
  { title: "Score of rollouts", names: ["objective/scores", "objective/rlhf_reward"] },
  {
    title: "Parts of the score",
    names: ["score/model", "score/gold", "score/length", "score/format", "score/pattern", "score/json"],
  },
  { title: "Ensemble deviation", names: ["score/deviation"] },
  { title: "KL of rollouts", names: ["objective/kl"] },
  { title: "KL to reference", names: ["on_policy/kl"], error: "on_policy/kl_se" },
  { title: "Loss", names: ["eval_loss", "loss"], error: "eval_loss_se" },
  { title: "Policy loss", names: ["loss/policy_avg"] },
  { title: "Value loss", names: ["loss/value_avg"] },
  { title: "Clipped", names: ["policy/clipfrac_avg", "val/clipfrac_avg"] },
  { title: "Step of the update", names: ["policy/approxkl_avg"] },
  { title: "Rollout length", names: ["objective/length"] },
  { title: "KL coefficient", names: ["objective/kl_coefficient"] },
  { title: "Reference point", names: ["kl"] },
  { title: "Likelihood of chosen answers", names: ["nll_loss"] },
  { title: "Log odds ratio", names: ["log_odds_chosen"] },
  { title: "Entropy", names: ["entropy"] },
  { title: "Policy entropy", names: ["policy/entropy_avg"] },
  { title: "Token accuracy", names: ["mean_token_accuracy"] },
  { title: "Gold reward", names: ["on_policy/gold"], error: "on_policy/gold_se" },
  { title: "Reward", names: ["on_policy/reward"], error: "on_policy/reward_se" },
  { title: "Win rate against the reference", names: ["on_policy/win_rate"], error: "on_policy/win_rate_se" },
  { title: "Answer length", names: ["on_policy/length"], error: "on_policy/length_se" },
  { title: "Variety and repetition", names: ["on_policy/distinct_2", "on_policy/repetition"] },
  { title: "Entropy of its answers", names: ["on_policy/entropy"] },
  { title: "Perplexity of general text", names: ["general/perplexity"] },
  { title: "Speed", names: ["tokens_per_second"] },
  { title: "Memory", names: ["memory"] },
  { title: "Gradient norm", names: ["grad_norm"] },
];

/** One crosshair over all charts; a chart appears once its metric does. */
export function Charts({ points }: { points: Point[] }) {
  const present = charts
    .map((chart) => ({
      ...chart,
      names: chart.names.filter((name) => points.some((point) => point.values[name] !== undefined)),
    }))
    .filter(({ names }) => names.length > 0);
  if (present.length === 0)
    return (
      <p className="mt-4 rounded-md border border-dashed p-6 text-center text-soft">
        The first points appear once the model and the data are loaded.
      </p>
    );
  return (
    <div className="mt-4 grid gap-4 md:grid-cols-2 xl:grid-cols-3">
      {present.map((chart) => (
        <LineChart key={chart.names.join()} points={points} {...chart} />
      ))}
      <Calibration points={points} />
    </div>
  );
}
