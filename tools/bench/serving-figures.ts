// docs/serve.md's table of what continuous batching gains, from what `npm run serving` measured.
import { median, pairedRatio } from "./statistics";

/** One process's answers to all requests. */
export interface Served {
  seconds: number;
  tokens: number;
  /** Of all answers' tokens. */
  hash: string;
  /** Bytes. */
  peakMemory: number;
}

/** results/serving.json */
export interface ServingResult {
  machine: string;
  cores: number;
  rounds: Record<"continuous" | "batch at a time", Served>[];
}

export function servingText({ machine, cores, rounds }: ServingResult): string {
  const of = (mode: keyof ServingResult["rounds"][number]) => rounds.map((round) => round[mode]);
  const row = (mode: keyof ServingResult["rounds"][number]) => {
    const rates = of(mode).map(({ tokens, seconds }) => tokens / seconds);
    const peak = Math.max(...of(mode).map(({ peakMemory }) => peakMemory));
    return `| ${mode} | ${median(rates).toFixed(0)} | ${(peak / 1e9).toFixed(1)} GB |`;
  };
  const seconds = (mode: keyof ServingResult["rounds"][number]) => of(mode).map((one) => one.seconds);
  const { ratio, interval } = pairedRatio(seconds("batch at a time"), seconds("continuous"));
  const within = interval ? ` (95 % interval ${interval.map((end) => end.toFixed(2)).join(" to ")})` : "";
  return [
    `64 conversations that come at once, with answers of 8 to 384 tokens (96 on average, exponentially distributed); SmolLM2-135M in bfloat16, room for 16 of 1,024 tokens; ${cores} cores of`,
    `${machine}; ${rounds.length} rounds, interleaved, in fresh processes. Both write the same tokens. Continuous batching is **${ratio.toFixed(2)} times** as fast${within}.`,
    "",
    "| | tokens/s | peak memory |",
    "| --- | ---: | ---: |",
    row("continuous"),
    row("batch at a time"),
  ].join("\n");
}

/** results/speculation.json */
export interface SpeculationResult {
  machine: string;
  cores: number;
  /** Proposed at once, at most, and of an answer. */
  tokens: number;
  length: number;
  /** Rounds in turn, and tokens of all of them. */
  answers: Record<string, { seconds: Record<"plain" | "lookup", number[]>; proposed: number; accepted: number }>;
}

export function speculationText({ machine, cores, tokens, length, answers }: SpeculationResult): string {
  const rows = Object.entries(answers).map(([name, { seconds, proposed, accepted }]) => {
    const rate = (one: number[]) => (length / median(one)).toFixed(0);
    const { ratio, interval } = pairedRatio(seconds.plain, seconds.lookup);
    const within = interval ? ` (${interval.map((end) => end.toFixed(2)).join(" to ")})` : "";
    return `| ${name} | ${rate(seconds.plain)} | ${rate(seconds.lookup)} | ${ratio.toFixed(2)}${within} | ${accepted} of ${proposed} |`;
  });
  return [
    `One conversation at a time with \`--prompt-lookup ${tokens}\` and without, greedily, ${length} tokens; SmolLM2-135M in bfloat16; ${cores} cores of ${machine}.`,
    "",
    "| answer | tokens/s without | with | times as fast (95 % interval) | proposed tokens that were right |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}

/** results/lm-eval.json: each task's requests by lm-eval's own way to a folder, and through our server. */
export interface LmEvalResult {
  versions: Record<string, string>;
  tasks: Record<
    string,
    {
      requests: number;
      /** Those with the same text, or with every token the likeliest in both or neither. */
      same: number;
      /** The largest between two log-probabilities of a text, in nats. */
      distance: number;
      /** Each by both. */
      metrics: Record<string, [hf: number, server: number]>;
    }
  >;
}

export function lmEvalText({ versions, tasks }: LmEvalResult): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const rows = Object.entries(tasks).flatMap(([name, { requests, same, distance, metrics }]) =>
    Object.entries(metrics).map(
      ([metric, [hf, server]]) =>
        `| ${name}, ${metric} | ${shown(hf)} | ${shown(server)} | ${same} of ${requests} | ${distance === 0 ? "" : distance.toExponential(0)} |`,
    ),
  );
  return [
    `The demo run's adapter on \`tiny\` through \`workbench serve\`, and its merged folder by \`--model hf\` (${programs.join(", ")}), on 100 pairs of film reviews.`,
    "",
    "| task | `--model hf` | through the server | answers identical | largest difference, nats |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}

const shown = (value: number): string => (value < 1e6 ? value.toFixed(4) : value.toExponential(4));
