// The table that the page begins with, and how far its sliders go.
export const start = {
  beta: 0.5,
  betas: { least: 0.1, most: 2, step: 0.05 },
  /** The best answer is rare, the likeliest one is poor, as before any training. */
  reference: [0.02, 0.1, 0.45, 0.28, 0.15],
  reward: [2, 1, 0, 0.5, -1],
  rewards: { least: -2, most: 2, step: 0.1 },
  /** Of descent; `end` is where it has converged. */
  steps: { first: 2, most: 40, end: 300 },
  /** Step 4: the second prompt's reference, and by how much its rewards lie above the first one's. */
  other: { reference: [0.4, 0.25, 0.05, 0.1, 0.2], above: 1 },
  /** Step 5: all answers but the worst. */
  compared: [0, 1, 2, 3],
};
