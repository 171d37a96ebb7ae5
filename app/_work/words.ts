// Assigned work in words.
import type { WorkProgress } from "@/lib/annotation/work/work-schema";

const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", timeZone: "UTC" });

/** Of a day, YYYY-MM-DD, which is the same wherever it is read. */
export const dayWords = (date: string): string => day.format(new Date(date));

export const neededWords = ({ records, per }: NonNullable<WorkProgress["needed"]>): string =>
  `${records.toLocaleString("en")} ${per === "day" ? "a day" : "an hour"}`;
