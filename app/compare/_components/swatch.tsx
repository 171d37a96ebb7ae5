import { colourOf, dashOf } from "./colours";

/** A sample of a run's line. */
export function Swatch({ number }: { number: number }) {
  return (
    <svg width="16" height="4" aria-hidden="true" className="shrink-0">
      <line
        x1="0"
        y1="2"
        x2="16"
        y2="2"
        stroke={colourOf(number)}
        strokeWidth="3"
        strokeDasharray={dashOf(number).join(" ")}
      />
    </svg>
  );
}
