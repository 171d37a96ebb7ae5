// Formatting of numbers, durations and times.
import { type Language, localeOf } from "@/common/written-language";

export function number(value: number | undefined | null, digits = 3): string {
  if (value === undefined || value === null) return "–";
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return value.toFixed(digits);
}

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

const units = [
  ["year", 31_536_000_000],
  ["month", 2_592_000_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** A share with its 95 % interval: "81 % (70 to 90) of 64". */
export const shareWords = (share: { value: number; low: number; high: number; n: number } | null): string =>
  share
    ? `${(100 * share.value).toFixed(0)} % (${(100 * share.low).toFixed(0)} to ${(100 * share.high).toFixed(0)}) of ${share.n}`
    : "–";

/** "3 min. ago", in the largest unit that fits. */
export function ago(ms: number, language: Language = "en"): string {
  const [unit, size] = units.find(([, size]) => ms >= size) ?? [];
  if (unit)
    return new Intl.RelativeTimeFormat(localeOf(language), { style: "short" }).format(-Math.floor(ms / size), unit);
  if (language === "en") return "just now";
  return new Intl.RelativeTimeFormat(localeOf(language), { numeric: "auto" }).format(0, "second");
}

/** For the title of a relative date. */
export const exactDate = (at: number): string =>
  new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

export const memoryWords = (bytes: number): string =>
  bytes < 1e9 ? `${number(bytes / 1e6, 0)} MB` : `${number(bytes / 1e9, 2)} GB`;
