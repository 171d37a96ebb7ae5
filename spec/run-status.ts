// Where a run stands.
export const runStatuses = ["queued", "running", "stopped", "finished", "failed"] as const;
export type RunStatus = (typeof runStatuses)[number];
