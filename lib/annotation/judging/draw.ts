// Sampling of the next pairs.

/** Share of draws that ignore the priority, so that there is always an unbiased sample to evaluate on. */
export const randomShare = 0.15;

export interface Drawn {
  id: number;
  /** Probability with which it was the one to be drawn. */
  chance: number;
}

/**
 * Draws pairs one after the other, none twice: with probability `share` any of those left, else the one that comes first. A pair's chance
 * at its draw is share / left, and 1 − share more if it came first: 1 / chance weighs it in an estimate over the queue.
 */
export function draw(byPriority: number[], count: number, share: number, random: () => number): Drawn[] {
  const left = [...byPriority];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const any = share / left.length;
    const at = random() < share ? Math.floor(random() * left.length) : 0;
    const [id] = left.splice(at, 1) as [number];
    return { id, chance: any + (at === 0 ? 1 - share : 0) };
  });
}
