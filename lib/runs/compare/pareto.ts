// Reward against KL: which policies nobody beats.

/** Those that no other reaches with less KL and as much reward, from the nearest on. */
export function paretoFront<Point extends { kl: number; reward: number }>(points: Point[]): Point[] {
  let best = Number.NEGATIVE_INFINITY;
  return points
    .toSorted((a, b) => a.kl - b.kl || b.reward - a.reward)
    .filter(({ reward }) => {
      const leads = reward > best;
      if (leads) best = reward;
      return leads;
    });
}
