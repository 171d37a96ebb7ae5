// What goes wrong in preference training, seen in what a run logs. Each rule is raised once a run, with what it means and what to try. No
// tfjs here: pages read it too. Thresholds are shares of the run's own start, or nats a token, so that they hold for any model.

import type { MetricName, MetricRow } from "./metrics/catalogue";
import { mean } from "./statistics";

export interface Rule {
  title: string;
  means: string;
  advice: string;
  /** What was measured, where the rule is broken at the newest of the rows. */
  broken(rows: Rows): string | null;
}
export interface Alert {
  rule: RuleName;
  step: number;
  measured: string;
}

export const alertWords = ({ rule, step, measured }: Alert) =>
  `alert at step ${step}: ${rules[rule].title.toLowerCase()} (${measured})`;

/** What rules ask of the rows so far. */
interface Rows {
  newest: MetricRow;
  /** Of a metric that the newest row has, and not for the first time. */
  since(name: MetricName): { first: number; now: number; highest: number; count: number } | null;
  /** The last `count` values, at most `remembered`; null before there are so many, or where the newest row has none. */
  last(name: MetricName, count: number): number[] | null;
}
/** Values of each metric that are kept: a run may go on for a million steps. */
const remembered = 50;

export const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const shown = (value: number) => value.toPrecision(3);

/** The gradient norm above which a step is a spike after these norms. */
export const spikeLimit = (norms: number[]): number => Math.max(10 * median(norms), 5 * Math.max(...norms));

/** Nats a token beyond which a policy has diverged from its reference. */
const maxKlPerToken = 0.5;

export const rules = {
  drift: {
    title: "Far from the reference",
    means:
      "The policy's own answers are so unlike its reference's that its reward model or pairs say little about them.",
    advice: "Raise β or the KL coefficient, lower the learning rate, or take an earlier checkpoint.",
    broken({ newest }) {
      const [kl, length] = [newest["on_policy/kl"], newest["on_policy/length"]];
      if (kl === undefined || !length || kl / length <= maxKlPerToken) return null;
      return `KL of ${shown(kl / length)} nats a token, ${shown(kl)} an answer`;
    },
  },
  update: {
    title: "Updates are too large",
    means: "Within one update the policy moves so far from the one that sampled that clipped ratios no longer hold it.",
    advice: "Lower the learning rate or the epochs, or set a target KL that ends an update early.",
    broken(rows) {
      const kl = rows.last("policy/approxkl_avg", 5);
      return kl && mean(kl) > 0.1 ? `KL of ${shown(mean(kl))} within an update, mean of five` : null;
    },
  },
  clipped: {
    title: "Most of the gradient is clipped away",
    means: "More than 40 % of the tokens have a ratio outside of the clip range and teach nothing.",
    advice: "Lower the learning rate or the epochs.",
    broken(rows) {
      const share = rows.last("policy/clipfrac_avg", 10);
      return share && mean(share) > 0.4 ? `${shown(100 * mean(share))} % clipped, mean of ten` : null;
    },
  },
  "negative-kl": {
    title: "Measured KL is below zero",
    means:
      "The mean of an estimate that cannot be negative in expectation stays negative: sampled and scored tokens do not match.",
    advice: "Check the temperature and that the response is cut where sampling ended; take the k3 or full estimator.",
    broken(rows) {
      const kl = rows.last("objective/kl", 20);
      return kl && mean(kl) < -0.5 && Math.max(...kl) < 0 ? `mean KL of ${shown(mean(kl))} over 20 rollouts` : null;
    },
  },
  entropy: {
    title: "Entropy has collapsed",
    means: "The policy says nearly the same whatever the chance; it cannot find better answers any more.",
    advice: "Add an entropy bonus, raise the KL coefficient, or start again with a lower learning rate.",
    broken(rows) {
      const names = ["on_policy/entropy", "policy/entropy_avg"] as const;
      const found = names.map((name) => rows.since(name)).find((seen) => seen && seen.now < 0.25 * seen.first);
      return found ? `${shown(found.now)} nats a token, at first ${shown(found.first)}` : null;
    },
  },
  "proxy-gap": {
    title: "Reward rises, what it stands for falls",
    means: "The policy has found what the reward model likes by mistake: over-optimisation.",
    advice:
      "Take the checkpoint with the best oracle reward or win rate; use an ensemble, more pairs or a stronger KL penalty.",
    broken: proxyGap,
  },
  longer: {
    title: "Answers grow",
    means: "Length is the easiest way to please a reward; check that the additions are worth reading.",
    advice: "Add a length penalty to the reward, take SimPO, LD-DPO or sigmoid_norm, or balance lengths in the data.",
    broken(rows) {
      const length = rows.since("on_policy/length");
      return length && length.now >= 1.5 * length.first
        ? `${shown(length.now)} tokens, at first ${shown(length.first)}`
        : null;
    },
  },
  shorter: {
    title: "Answers shrink",
    means: "The policy ends its answers early, often because every further token risks being unlikely.",
    advice: "Raise β, add an SFT term, or look whether chosen answers in the data are the short ones.",
    broken(rows) {
      const length = rows.since("on_policy/length");
      return length && length.now <= 0.5 * length.first
        ? `${shown(length.now)} tokens, at first ${shown(length.first)}`
        : null;
    },
  },
  repeats: {
    title: "Answers repeat themselves",
    means: "Runs of words come back within an answer, or neighbouring words hardly vary between answers.",
    advice: "Raise β or the KL coefficient; a reward rule against repetition helps too.",
    broken(rows) {
      const [repeated, variety] = [rows.since("on_policy/repetition"), rows.since("on_policy/distinct_2")];
      if (repeated && repeated.now > repeated.first + 0.2)
        return `${shown(100 * repeated.now)} % of four-token runs stood there before, at first ${shown(100 * repeated.first)} %`;
      if (variety && variety.now < 0.5 * variety.first)
        return `distinct neighbours at ${shown(variety.now)}, at first ${shown(variety.first)}`;
      return null;
    },
  },
  endless: {
    title: "Answers no longer end",
    means: "Half as many answers as at first reach their end token; the others are cut.",
    advice: "Give a missing-EOS penalty, allow longer answers, or check that chosen answers end with the token.",
    broken(rows) {
      const ended = rows.since("on_policy/ended");
      return ended && ended.now < 0.5 * ended.first
        ? `${shown(100 * ended.now)} % end, at first ${shown(100 * ended.first)} %`
        : null;
    },
  },
  alike: {
    title: "All answers score alike",
    means: "The scores of an update hardly differ any more: nothing tells good answers from bad ones.",
    advice:
      "Look at the answers: the reward may be saturated or constant. Take a reward that tells them apart, or stop.",
    broken(rows) {
      const [spread, last] = [rows.since("reward_std"), rows.last("reward_std", 5)];
      return spread && last && mean(last) < 0.05 * spread.first
        ? `deviation ${shown(mean(last))}, at first ${shown(spread.first)}`
        : null;
    },
  },
  same: {
    title: "Answers are the same",
    means:
      "Nearly a third of the sampled answers say to the last token what another one says: the policy has stopped exploring.",
    advice: "Raise the temperature or the KL coefficient, add an entropy bonus, or take an earlier checkpoint.",
    broken(rows) {
      const [repeated, last] = [rows.since("objective/repeated"), rows.last("objective/repeated", 5)];
      return repeated && last && mean(last) > 0.3 && mean(last) > repeated.first + 0.2
        ? `${shown(100 * mean(last))} % repeated, at first ${shown(100 * repeated.first)} %`
        : null;
    },
  },
  critic: {
    title: "The critic explains nothing",
    means:
      "For fifty updates the values have predicted the returns worse than their mean would: advantages are mostly noise.",
    advice:
      "Raise the value coefficient or the value's learning steps, begin its critic at the reward model, or check γ and λ.",
    broken(rows) {
      const explained = rows.last("val/explained_variance", 50);
      return explained && mean(explained) < 0 ? `explained variance ${shown(mean(explained))}, mean of fifty` : null;
    },
  },
  overfit: {
    title: "Held-out loss rises",
    means: "The run overfits its training set: on held-out rows it was better before, by more than chance.",
    advice: "Take best/, train fewer steps, or gather more pairs.",
    broken(rows) {
      const [losses, error] = [rows.last("eval_loss", 3), rows.newest.eval_loss_se];
      if (!losses || error === undefined) return null;
      const [best, before, now] = losses as [number, number, number];
      return now > before && before > best && now - best > 2 * error
        ? `${shown(now)} ± ${shown(1.96 * error)}, two evaluations before ${shown(best)}`
        : null;
    },
  },
  gradient: {
    title: "Gradient spike",
    means:
      "One batch pulled ten times as hard as usual and five times as hard as any before; a broken row, or a learning rate at the edge.",
    advice: "Look at the step's rows; lower the learning rate if spikes return.",
    broken(rows) {
      const norms = rows.last("grad_norm", 50);
      if (!norms) return null;
      const [before, now] = [norms.slice(0, -1), norms.at(-1)!];
      return now > spikeLimit(before) ? `norm ${shown(now)}, usually ${shown(median(before))}` : null;
    },
  },
  slow: {
    title: "Steps have become slow",
    means: "Three steps in a row took five times as long as usual: the machine is busy or short of memory.",
    advice: "See what else runs; lower the tokens per micro-batch if memory is short.",
    broken(rows) {
      const seconds = rows.last("seconds", 50);
      const usual = seconds && median(seconds.slice(0, -3));
      return usual && Math.min(...seconds.slice(-3)) > 5 * usual
        ? `${shown(seconds.at(-1)!)} s a step, usually ${shown(usual)} s`
        : null;
    },
  },
} satisfies Record<string, Rule>;
export type RuleName = keyof typeof rules;

/** Three evaluations or more: the reward is above its start, gold (else the win rate) below its best, each by more than chance. */
function proxyGap(rows: Rows): string | null {
  const reward = rows.since("on_policy/reward");
  const name = (["on_policy/gold", "on_policy/win_rate"] as const).find((name) => rows.newest[name] !== undefined);
  const truth = name && rows.since(name);
  if (!reward || !truth || reward.count < 3) return null;
  const [risen, fallen] = [reward.now - reward.first, truth.highest - truth.now];
  if (risen <= 2 * Math.SQRT2 * (rows.newest["on_policy/reward_se"] ?? 0)) return null;
  if (fallen <= 3 * Math.SQRT2 * (rows.newest[`${name}_se`] ?? 0)) return null;
  const what = name === "on_policy/gold" ? "oracle reward" : "win rate";
  return `reward up by ${shown(risen)}, ${what} ${shown(fallen)} below its best`;
}

/** Takes a run's rows in order and says what is broken, each rule once. */
export function createWatch(): (row: MetricRow) => Alert[] {
  const series = new Map<MetricName, { first: number; highest: number; count: number; recent: number[] }>();
  const raised = new Set<RuleName>();
  return (newest) => {
    for (const [name, value] of Object.entries(newest) as [MetricName | "step", number][])
      if (name !== "step") remember(name, value);
    const here = (name: MetricName) => (newest[name] === undefined ? undefined : series.get(name));
    const rows: Rows = {
      newest,
      since(name) {
        const seen = here(name);
        return seen && seen.count > 1 ? { ...seen, now: newest[name]! } : null;
      },
      last(name, count) {
        const seen = here(name);
        return seen && seen.count >= count ? seen.recent.slice(-count) : null;
      },
    };
    return (Object.keys(rules) as RuleName[]).flatMap((rule): Alert[] => {
      const measured = raised.has(rule) ? null : rules[rule].broken(rows);
      if (measured === null) return [];
      raised.add(rule);
      return [{ rule, step: newest.step, measured }];
    });
  };

  function remember(name: MetricName, value: number): void {
    const seen = series.get(name) ?? { first: value, highest: value, count: 0, recent: [] };
    seen.highest = Math.max(seen.highest, value);
    seen.count++;
    seen.recent.push(value);
    if (seen.recent.length > remembered) seen.recent.shift();
    series.set(name, seen);
  }
}
