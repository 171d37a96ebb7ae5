// A run's config as its row or its folder holds it, perhaps written by an older version of the workbench: newer fields get their defaults, and
// what a field meant then is said as it is said now.
import { z } from "zod";
import { problems, type RunConfig, runConfig } from "./config";
import { configVersion } from "./fields/common";

const stored = z.looseObject({
  configVersion: z.int().default(1),
  method: z.string(),
  data: z.looseObject({}).prefault({}),
  evalEvery: z.int().nullable().default(null),
  sampleEvery: z.int().nullable().default(null),
});
type Stored = z.infer<typeof stored>;

/** Throws, with what is wrong and what to do, where this version cannot read it. */
export function storedConfig(json: unknown): RunConfig {
  const read = stored.safeParse(json);
  const parsed = read.success ? runConfig.safeParse(upgraded(read.data)) : read;
  if (parsed.success) return parsed.data;
  throw new Error(
    `this version of the workbench cannot read the run's stored config: ${problems(parsed.error).join("; ")}. Launch the run anew with these fields mended`,
  );
}

/** Of version 1: an interval of evaluations or answers held out a tenth of the prompts by itself. */
function upgraded(config: Stored): object {
  if (config.configVersion !== 1) return config;
  const { data, evalEvery, sampleEvery } = config;
  const given = typeof data.tokens === "string" || data.train === null || data.train === undefined; // ids, or a replay: all were trained on
  const watched = evalEvery !== null || sampleEvery !== null;
  const heldOut = watched && !given && typeof data.eval !== "string" ? 0.1 : 0;
  return { ...config, configVersion, evalEvery: given ? null : evalEvery, data: { ...data, heldOut } };
}
