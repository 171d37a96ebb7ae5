import { type PointerEvent, useState } from "react";
import { type Brush, brushedBy, type ParallelAxis, type Stretch } from "./parallel";

const [height, top, bottom] = [300, 48, 34];

/** How the chart is laid out, in pixels. */
export const frame = {
  height,
  /** Room beside the first and the last axis. */
  side: 70,
  /** The least distance of two axes. */
  least: 120,
  /** Of a position from 0 to 1. */
  y: (position: number) => top + (height - top - bottom) * (1 - position),
};
const { y } = frame;

/** A position from 0 to 1 of a place in the chart. */
const positionAt = (place: number) => Math.min(1, Math.max(0, 1 - (place - top) / (height - top - bottom)));

/** Widths of text and of the stretch beside an axis that a pointer can take hold of. */
const [letter, hold] = [6.6, 24];
/** A drag of less than this is a click. */
const least = 0.03;

interface Props {
  axis: ParallelAxis;
  x: number;
  /** To the next axis. */
  between: number;
  brush: Brush | null;
  onBrush: (stretch: Stretch | null) => void;
}

interface HandleProps {
  name: string;
  x: number;
  between: number;
  /** By so many places. */
  onMove: (by: number) => void;
  brush: Stretch | null;
  onBrush: (stretch: Stretch | null) => void;
}

/** An axis with its values beside it. Ends stand above and below, where no line goes; names between have a ground of their own. */
export function ParallelAxisView({ axis: { name, ticks }, x, between, brush, onBrush }: Props) {
  const [from, setFrom] = useState<number | null>(null);
  const brushed = {
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      setFrom(positionIn(event));
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => {
      if (from === null) return;
      const to = positionIn(event);
      if (Math.abs(to - from) > least) onBrush({ low: Math.min(from, to), high: Math.max(from, to) });
    },
    onPointerUp: (event: PointerEvent<SVGElement>) => {
      if (from !== null && Math.abs(positionIn(event) - from) <= least) onBrush(null);
    },
    onLostPointerCapture: () => setFrom(null), // a cancelled drag ends as well
  };
  return (
    <g>
      <AxisName name={name} x={x} between={between} />
      <line x1={x} x2={x} y1={y(0)} y2={y(1)} stroke="var(--soft)" />
      {brush && (
        <rect
          x={x - 6}
          width={12}
          y={y(brush.high)}
          height={y(brush.low) - y(brush.high)}
          fill="var(--accent)"
          fillOpacity="0.25"
          stroke="var(--accent)"
        />
      )}
      {ticks.map(({ label, at }) => (
        <Tick key={label} label={label} at={at} x={x} />
      ))}
      <rect
        x={x - hold / 2}
        width={hold}
        y={y(1)}
        height={y(0) - y(1)}
        fill="transparent"
        className="cursor-crosshair touch-none"
        {...brushed}
      />
    </g>
  );
}

/** Where along the axis a pointer is. */
const positionIn = (event: PointerEvent<SVGElement>): number =>
  positionAt(event.clientY - event.currentTarget.ownerSVGElement!.getBoundingClientRect().top);

function Tick({ label, at, x }: { label: string; at: number; x: number }) {
  if (at === 0 || at === 1)
    return (
      <text x={x} y={at === 0 ? y(0) + 15 : y(1) - 6} textAnchor="middle">
        {label}
      </text>
    );
  return (
    <g>
      <rect x={x + 7} y={y(at) - 9} width={label.length * letter + 8} height={18} rx={3} fill="var(--surface)" />
      <text x={x + 11} y={y(at) + 4}>
        {label}
      </text>
    </g>
  );
}

/** Cut to the room that it has. */
function AxisName({ name, x, between }: Pick<Props, "x" | "between"> & { name: string }) {
  const room = Math.floor((between - 10) / letter);
  return (
    <text x={x} y={17} textAnchor="middle" className="fill-ink">
      {name.length > room ? `${name.slice(0, Math.max(1, room - 1))}…` : name}
    </text>
  );
}

/** Lies over the name of an axis, which it moves by dragging or by ← and →; ↑ and ↓ brush the axis. */
export function AxisHandle({ name, x, between, onMove, brush, onBrush }: HandleProps) {
  const [from, setFrom] = useState<number | null>(null);
  return (
    <button
      type="button"
      aria-label={`${name}: move with ← and →, pick runs with ↑ and ↓`}
      title={name}
      style={{ left: x - between / 2, width: between }}
      className="absolute top-0 h-6 cursor-grab touch-none rounded-sm hover:bg-raised/60"
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        const stretch = brushedBy(brush, event);
        if (by === undefined && stretch === undefined) return;
        event.preventDefault();
        if (by !== undefined) onMove(by);
        else onBrush(stretch ?? null);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom(event.clientX);
      }}
      onPointerUp={(event) => {
        const by = from === null ? 0 : Math.round((event.clientX - from) / between);
        if (by !== 0) onMove(by);
      }}
      onLostPointerCapture={() => setFrom(null)} // a cancelled drag moves nothing
    />
  );
}
