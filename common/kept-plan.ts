import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunConfig } from "../spec/config";

type Plan = Pick<RunConfig, "recompute" | "microBatchTokens">;

/** What the first attempt filled into run.json where its config left it open: later ones keep to it, so that a run resumes bit for bit. */
export function keptPlan(folder: string): Partial<Plan> {
  const file = join(folder, "run.json");
  if (!existsSync(file)) return {};
  const { recompute, microBatchTokens } = JSON.parse(readFileSync(file, "utf8")) as Partial<Plan>;
  return { ...(recompute !== undefined && { recompute }), ...(microBatchTokens !== undefined && { microBatchTokens }) };
}
