import { getDateTimeFormat } from "@/common/formatters";
import { type Language, localeOf } from "@/common/written-language";
import { ago } from "./format";

/** How long ago, with the exact time on hover. The server's clock and the browser's may differ by a unit. */
export const When = ({ at, now = Date.now(), language = "en" }: { at: number; now?: number; language?: Language }) => (
  <time
    dateTime={new Date(at).toISOString()}
    title={getDateTimeFormat(localeOf(language), { dateStyle: "medium", timeStyle: "medium" }).format(at)}
    suppressHydrationWarning
  >
    {ago(now - at, language)}
  </time>
);
