// Paths over two axes, several panels side by side on the same scales, as SVG that reads on light and dark pages.

export interface Line {
  name: string;
  colour: string;
  dashed?: boolean;
  /** In the order of training; `half` is half an error bar. */
  points: { x: number; y: number; half: number }[];
}

interface Figure {
  label: string;
  x: string;
  y: string;
  panels: { title: string; lines: Line[] }[];
}

const [panelWidth, plotHeight, left, top] = [440, 300, 44, 46];
const plotWidth = panelWidth - left - 16;
const n = (value: number) => value.toFixed(1);

export function scatter({ label, x, y, panels }: Figure): string {
  const all = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points));
  const xs = scale(Math.min(0, ...all.map((point) => point.x)), Math.max(...all.map((point) => point.x)));
  const ys = scale(
    Math.min(0, ...all.map((point) => point.y - point.half)),
    Math.max(...all.map((point) => point.y + point.half)),
  );
  const keys = Math.max(...panels.map(({ lines }) => new Set(lines.map(({ name }) => name)).size));
  const height = top + plotHeight + 44 + 16 * keys;
  const at = {
    x: (value: number) => left + (plotWidth * (value - xs.from)) / (xs.to - xs.from),
    y: (value: number) => top + plotHeight * (1 - (value - ys.from) / (ys.to - ys.from)),
  };
  const drawn = panels.map(({ title, lines }, i) => {
    const parts = [
      `<text x="${left}" y="16" font-weight="600">${title}</text>`,
      ...ys.ticks.map(
        (tick) =>
          `<line x1="${left}" x2="${left + plotWidth}" y1="${n(at.y(tick))}" y2="${n(at.y(tick))}" stroke="#9aa3b2" stroke-opacity="0.3"/><text x="${left - 6}" y="${n(at.y(tick) + 4)}" text-anchor="end">${tick}</text>`,
      ),
      ...xs.ticks.map(
        (tick) => `<text x="${n(at.x(tick))}" y="${top + plotHeight + 16}" text-anchor="middle">${tick}</text>`,
      ),
      `<text x="${left + plotWidth / 2}" y="${top + plotHeight + 32}" text-anchor="middle">${x}</text>`,
      `<text x="${left}" y="${top - 12}">${y}</text>`,
      ...lines.map((line) => path(line, at)),
      ...legend(lines),
    ];
    return `<g transform="translate(${i * panelWidth} 0)">${parts.join("")}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panels.length * panelWidth} ${height}" role="img" aria-label="${label}" font-family="system-ui, sans-serif" font-size="12" fill="#6b7280">${drawn.join("")}</svg>\n`;
}

type At = { x(value: number): number; y(value: number): number };

function path({ colour, dashed, points }: Line, at: At): string {
  const way = points.map((point) => `${n(at.x(point.x))},${n(at.y(point.y))}`).join(" ");
  const bars = points
    .filter(({ half }) => half > 0)
    .map(
      ({ x, y, half }) =>
        `<line x1="${n(at.x(x))}" x2="${n(at.x(x))}" y1="${n(at.y(y - half))}" y2="${n(at.y(y + half))}" stroke="${colour}" stroke-opacity="0.45"/>`,
    );
  const dots = points.map(
    ({ x, y }) => `<circle cx="${n(at.x(x))}" cy="${n(at.y(y))}" r="2.5" fill="${colour}" stroke="none"/>`,
  );
  return `<polyline points="${way}" fill="none" stroke="${colour}" stroke-width="1.5"${dashed ? ' stroke-dasharray="4 3"' : ""}/>${bars.join("")}${dots.join("")}`;
}

function legend(lines: Line[]): string[] {
  const named = [...new Map(lines.map((line) => [line.name, line])).values()];
  return named.map(({ name, colour, dashed }, i) => {
    const y = top + plotHeight + 52 + 16 * i;
    return `<line x1="${left}" x2="${left + 22}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="4 3"' : ""}/><text x="${left + 28}" y="${y}">${name}</text>`;
  });
}

/** A scale that ends on round numbers. */
function scale(from: number, to: number): { from: number; to: number; ticks: number[] } {
  const raw = (to - from) / 6;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = unit * ([1, 2, 5, 10].find((times) => times * unit >= raw) ?? 10);
  const [first, last] = [Math.floor(from / step), Math.ceil(to / step)];
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(6)));
  return { from: first * step, to: last * step, ticks };
}
