// How the state space of a fresh Mamba starts (S4D-Real, Gu et al. 2022, arXiv 2206.11893; time steps as Transformers has them by default).
import type { Family } from "../family";

/** Between these a fresh channel's time step is, evenly by its logarithm. */
const [shortest, longest] = [0.001, 0.1];

export const startStateSpace: NonNullable<Family["start"]> = (name, shape, random) => {
  const width = shape.at(-1)!;
  const even = (bound: number) => () => (2 * random() - 1) * bound;
  if (name.endsWith(".A_log")) return (i) => Math.log(1 + (i % width)); // rates −1, −2, … of a channel's numbers, or of heads
  if (name.endsWith("dt_proj.weight")) return even(width ** -0.5);
  if (name.endsWith("conv1d.weight")) return even(width ** -0.5);
  if (!/\.dt_(proj\.)?bias$/.test(name)) return undefined;
  return () => {
    const step = shortest * (longest / shortest) ** random();
    return step + Math.log(-Math.expm1(-step)); // softplus makes it the step again
  };
};
