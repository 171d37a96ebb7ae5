// The slider's moving average: what lies behind a step weighs less the further it lies, whatever the distance between points.

/**
 * An exponential moving average without the bias of its start (Kingma and Ba 2015). `weight` is the weight of the past at the typical
 * distance of two points; at twice that distance it counts squared.
 */
export function smoothed(x: number[], y: (number | null)[], weight: number): (number | null)[] {
  const typical = (x.at(-1)! - x[0]!) / Math.max(1, x.length - 1) || 1;
  let [sum, weights, before] = [0, 0, x[0] ?? 0];
  return y.map((value, i) => {
    if (value === null) return null;
    const kept = weight ** ((x[i]! - before) / typical);
    before = x[i]!;
    sum = sum * kept + value;
    weights = weights * kept + 1;
    return sum / weights;
  });
}
