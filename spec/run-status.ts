// Where a run stands.
export const runStatuses = ["queued", "running", "stopped", "finished", "failed"] as const;
/** Queued runs of high priority go before all others, those of low priority after them. */
export const priorities = ["high", "normal", "low"] as const;
export type RunStatus = (typeof runStatuses)[number];
