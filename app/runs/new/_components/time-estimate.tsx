import type { RunSummary } from "@/lib/runs/run-schema";
import type { RunConfig } from "@/spec/config";
import { methodOf } from "@/spec/methods/all";
import type { Counted } from "@/spec/methods/method";
import { duration } from "../../../ui/format";
import { isAhead } from "./checking";

/** The newest run of the same method and model that ended, whose pace this one will have too. */
export function paceOf(config: RunConfig, runs: RunSummary[]): { name: string; msEach: number } | null {
  const like = runs.find(
    ({ method, model, status, step, startedAt, finishedAt, origin }) =>
      method === config.method &&
      model === config.model.source &&
      status === "finished" &&
      origin === null &&
      step > 0 &&
      startedAt !== null &&
      finishedAt !== null,
  );
  return like ? { name: like.name, msEach: (like.finishedAt! - like.startedAt!) / like.step } : null;
}

/** Optimizer steps of a run; null where its rollouts or rounds decide. */
export function stepsOf(config: RunConfig, { count }: Counted): number | null {
  if (config.maxSteps !== null) return config.maxSteps;
  if (methodOf(config).onPolicy || count === 0) return null;
  return Math.ceil((config.epochs * count) / methodOf(config).rowsPerStep(config));
}

interface Props {
  config: RunConfig;
  learned: Counted;
  runs: RunSummary[];
  /** It waits for a time that was chosen. */
  isLater: boolean;
}

/** How long the run will take, by the pace of an earlier one; when it begins. */
export function TimeEstimate({ config, learned, runs, isLater }: Props) {
  const pace = paceOf(config, runs);
  const steps = stepsOf(config, learned);
  const ahead = runs.filter(isAhead);
  return (
    <p className="numbers min-h-10 text-xs">
      <span className="font-medium">Time: </span>
      {pace && steps !== null
        ? `about ${duration(pace.msEach * steps)}, at the pace of ${pace.name}`
        : pace
          ? `about ${duration(pace.msEach)} a step, at the pace of ${pace.name}`
          : "not known yet: no run of this method and model has ended; a dry run measures it"}
      .{" "}
      {isLater
        ? "It starts no earlier than the time below."
        : ahead.length === 0
          ? "It starts at once."
          : `It starts after ${ahead.length === 1 ? "the run" : `the ${ahead.length} runs`} before it${remainingWords(ahead)}.`}
    </p>
  );
}

function remainingWords(ahead: RunSummary[]): string {
  const left = ahead.reduce((sum, { remainingMs }) => sum + (remainingMs ?? 0), 0);
  return left > 0 ? ` (at least ${duration(left)})` : "";
}
