import { ago } from "./format";

const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** How long ago, with the exact time on hover. The server's clock and the browser's may differ by a unit. */
export const When = ({ at, now = Date.now() }: { at: number; now?: number }) => (
  <time dateTime={new Date(at).toISOString()} title={exact.format(at)} suppressHydrationWarning>
    {ago(now - at)}
  </time>
);
