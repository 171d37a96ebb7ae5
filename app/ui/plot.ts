// What every uPlot here shares: the theme's colours, axes that have room for their labels, and a new coat when the theme changes.
import { useEffect, useState } from "react";
import type uPlot from "uplot";

export const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Ink, lines and type of an axis. */
export const axisLook = () => ({
  stroke: color("--soft"),
  grid: { stroke: color("--line"), width: 1 },
  ticks: { stroke: color("--line"), width: 1 },
  font: "12px Inter Variable, sans-serif",
});

/** Room for the longest label; uPlot asks before it has any. */
export const widthOf = (_: uPlot, labels: string[] | null) =>
  18 + 7 * Math.max(4, ...(labels ?? []).map((label) => label?.length ?? 0));

/** Counts changes of the theme: a canvas has to be painted anew. */
export function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const repaint = () => setChanges((n) => n + 1);
    window.addEventListener("themechange", repaint);
    return () => window.removeEventListener("themechange", repaint);
  }, []);
  return changes;
}
