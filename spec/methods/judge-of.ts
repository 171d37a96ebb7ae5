// Who judges the completions of a run, where its method has a judge.
import type { Judge } from "../fields/judge";
import type { RunConfig } from "./all";

/** The field, and what it says. */
export function judgeOf(config: RunConfig): { path: string; judge: Judge } | null {
  if (config.method === "iterative-dpo") return { path: "iterativeDpo.judge", judge: config.iterativeDpo.judge };
  if (config.method === "nash-md") return { path: "nashMd.judge", judge: config.nashMd.judge };
  return config.method === "sppo" ? { path: "sppo.judge", judge: config.sppo.judge } : null;
}
