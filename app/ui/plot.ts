// Shared by all uPlot charts: theme colours, axes with room for their labels, repainting when the theme changes.
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

/** Room on the right for half of the last label of the x-axis, which stands under the end of the plot where that is a round number. */
export const endRoom = ({ scales }: uPlot) =>
  Math.max(16, 8 + 3.5 * Math.round(scales.x?.max ?? 0).toLocaleString().length);

/** The range that a drag across the plot selected. */
export function onDrag(plot: uPlot, zoom: (zoom: { from: number; to: number }) => void): void {
  const { left, width } = plot.select;
  if (width > 4) zoom({ from: plot.posToVal(left, "x"), to: plot.posToVal(left + width, "x") });
}

/** A double click shows the whole again; of uPlot's own it would do so until the next value comes. */
export const wholeOnDoubleClick = (whole: () => void): uPlot.Cursor.Bind => ({
  dblclick: () => () => {
    whole();
    return null;
  },
});

/** Moves the cursor from point to point with the arrow keys. */
export function moveCursor(event: React.KeyboardEvent, plot: uPlot | null): void {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const x = plot?.data[0];
  if (by === undefined || !plot || !x) return;
  event.preventDefault();
  const at = Math.min(x.length - 1, Math.max(0, (plot.cursor.idx ?? (by > 0 ? -1 : x.length)) + by));
  plot.setCursor({ left: plot.valToPos(x[at]!, "x"), top: 10 });
}

/** Counts theme changes, after which a canvas has to be repainted. */
export function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const repaint = () => setChanges((n) => n + 1);
    window.addEventListener("themechange", repaint);
    return () => window.removeEventListener("themechange", repaint);
  }, []);
  return changes;
}
