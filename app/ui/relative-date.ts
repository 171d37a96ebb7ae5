// Dates as people say them, for lists; the exact one belongs beside it as a title.
const steps = [
  { unit: "year", ms: 365 * 86_400_000 },
  { unit: "month", ms: 30 * 86_400_000 },
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
] as const;
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export function relativeDate(at: number, now: number): string {
  const past = at - now;
  const step = steps.find(({ ms }) => Math.abs(past) >= ms);
  return step ? words.format(Math.round(past / step.ms), step.unit) : "just now";
}

export const exactDate = (at: number): string =>
  new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
