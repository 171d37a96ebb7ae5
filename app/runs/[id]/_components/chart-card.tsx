"use client";

import { Pin, PinOff } from "lucide-react";
import type { ComponentProps } from "react";
import { FullScreen } from "../../../ui/full-screen";
import { IconButton } from "../../../ui/icon-button";
import { LineChart } from "../../../ui/line-chart";
import type { ChartSize } from "./chart-settings";
import { ResizeHandle } from "./resize-handle";

interface Props extends Omit<ComponentProps<typeof LineChart>, "height" | "actions"> {
  pinned: boolean;
  onPin: () => void;
  size: ChartSize;
  onResize: (size: ChartSize) => void;
  /** How many columns the grid has. */
  columns: number;
}

/** A chart that can be pinned before the others, made larger, and opened over the whole screen. */
export function ChartCard({ pinned, onPin, size, onResize, columns, ...chart }: Props) {
  const { title } = chart;
  const span = Math.min(size.span, columns); // a wider one would widen the grid
  return (
    <div className="relative min-w-0" style={span > 1 ? { gridColumn: `span ${span}` } : undefined}>
      <LineChart
        {...chart}
        height={size.height}
        actions={
          <>
            <IconButton label={pinned ? `Unpin ${title}` : `Pin ${title}`} onClick={onPin}>
              {pinned ? <PinOff size={14} aria-hidden /> : <Pin size={14} aria-hidden />}
            </IconButton>
            <FullScreen title={title}>{(height) => <LineChart {...chart} height={height} />}</FullScreen>
          </>
        }
      />
      <ResizeHandle title={title} size={size} onResize={onResize} columns={columns} />
    </div>
  );
}
