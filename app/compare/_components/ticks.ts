// Round numbers along axes.

/** About five steps of 1, 2 or 5 times a power of ten that hold the range. */
export function ticksOf(low: number, high: number): number[] {
  const span = high > low ? high - low : Math.max(Math.abs(high), 1) / 5;
  const unit = 10 ** Math.floor(Math.log10(span / 5));
  const step = unit * ([1, 2, 5, 10].find((times) => times * unit >= span / 5) ?? 10);
  const [first, last] = [Math.floor(low / step), Math.ceil((low + span) / step)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const nats = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

/** Of those numbers of nats as many as keep 34 pixels between them, the largest first. `share` is where they stand, from 0 to 1. */
export function klTicks(share: (kl: number) => number, farthest: number, width: number): number[] {
  const chosen: number[] = [];
  for (const kl of nats.filter((kl) => kl <= farthest).reverse())
    if (chosen.every((other) => width * (share(other) - share(kl)) >= 34)) chosen.push(kl);
  return chosen.reverse();
}
