import { type PointerEvent, useState } from "react";
import { IconButton } from "../../../ui/icon-button";
import { type ChartSize, mostHeight, mostSpan, usualSize } from "./chart-settings";

interface Props {
  title: string;
  size: ChartSize;
  onResize: (size: ChartSize) => void;
  columns: number;
}

const leastHeight = 120;
/** Of an arrow key. */
const heightStep = 40;

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** The lower right corner of a chart's card: dragged, or moved by the arrow keys; a double click gives back the usual size. */
export function ResizeHandle({ title, size, onResize, columns }: Props) {
  const [grip, setGrip] = useState<{ x: number; y: number; size: ChartSize; column: number } | null>(null);
  const resize = (span: number, height: number) =>
    onResize({
      span: within(span, 1, Math.min(columns, mostSpan)),
      height: within(Math.round(height), leastHeight, mostHeight),
    });
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const width = event.currentTarget.parentElement!.clientWidth;
    setGrip({ x: event.clientX, y: event.clientY, size, column: width / Math.min(size.span, columns) });
  };
  const onPointerMove = (event: PointerEvent<HTMLButtonElement>) => {
    if (!grip) return;
    const wider = Math.round((event.clientX - grip.x) / grip.column);
    resize(grip.size.span + wider, grip.size.height + event.clientY - grip.y);
  };
  return (
    <IconButton
      label={`Resize ${title} with the arrow keys`}
      className="absolute right-0 bottom-0 cursor-nwse-resize touch-none opacity-60 hover:bg-transparent"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={() => setGrip(null)}
      onDoubleClick={() => onResize(usualSize)}
      onKeyDown={(event) => {
        const [wider, higher] = arrows[event.key] ?? [0, 0];
        if (wider === 0 && higher === 0) return;
        event.preventDefault();
        resize(size.span + wider, size.height + higher * heightStep);
      }}
    >
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" stroke="currentColor">
        <path d="M9 1 1 9M9 5 5 9" fill="none" />
      </svg>
    </IconButton>
  );
}

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
