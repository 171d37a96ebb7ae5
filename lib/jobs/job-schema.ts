// What the jobs menu lists: runs, and work that the web process has programs do.
import { z } from "zod";
import { runStatuses } from "../../spec/run-status";

export const backgroundKinds = [
  "generation",
  "scoring",
  "judging",
  "data check",
  "data change",
  "export",
  "measurement",
  "import",
  "model",
  "corpus",
  "vacuum",
] as const;
export type BackgroundKind = (typeof backgroundKinds)[number];

export const job = z
  .object({
    /** Of a run its own id. */
    id: z.string(),
    kind: z.enum(["run", ...backgroundKinds]),
    title: z.string(),
    /** The page that shows it, or what it works on. */
    href: z.string(),
    status: z.enum(runStatuses),
    /** What it does, in its own words. */
    said: z.string(),
    /** From 0 to 1; null while unknown. */
    progress: z.number().nullable(),
    remainingMs: z.number().nullable(),
    /** How many alerts a run has raised. */
    alerts: z.number(),
    startedAt: z.number().nullable(),
    endedAt: z.number().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: "Job" });
export type Job = z.infer<typeof job>;

export const jobAction = z.strictObject({ action: z.literal("cancel") });
