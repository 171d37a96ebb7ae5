// Assigned work in words.
import { getDateTimeFormat } from "@/common/formatters";
import { type Language, localeOf } from "@/common/written-language";
import type { WorkProgress } from "@/lib/annotation/work/work-schema";

/** Of a day, YYYY-MM-DD, which is the same wherever it is read. */
export const dayWords = (date: string, language: Language = "en"): string =>
  getDateTimeFormat(localeOf(language), { day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(date));

export const neededWords = ({ records, per }: NonNullable<WorkProgress["needed"]>): string =>
  `${records.toLocaleString("en")} ${per === "day" ? "a day" : "an hour"}`;
