import { encode } from "uqr";

/** Black on white in both themes, as cameras want it, with the margin of four modules that the standard asks for. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = encode(text, { border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="w-48" shapeRendering="crispEdges">
      <path d={`M0 0h${size}v${size}h-${size}z`} fill="white" />
      <path d={dark.join("")} fill="black" />
    </svg>
  );
}
