// How fast rotary positions turn (Su et al. 2021, arXiv 2104.09864). No tfjs in here: files are read with it too.
import type { ModelConfig, Rope, RopeScaling } from "../config";

/** Whether frequencies depend on how many tokens a row has. */
export const turnsByLength = ({ ropeScaling }: Rope): boolean =>
  ropeScaling.type === "longrope" || ropeScaling.type === "dynamic";

/** θ^(−2i/R) for i < R/2, in radians a token, stretched as the scaling says; R: how many dimensions turn; `length`: tokens of the row. */
export function rotaryFrequencies({ ropeTheta, ropeScaling }: Rope, R: number, length = 0): number[] {
  const plain = Array.from({ length: R / 2 }, (_, i) => ropeTheta ** ((-2 * i) / R));
  if (ropeScaling.type === "none") return plain;
  if (ropeScaling.type === "linear") return plain.map((frequency) => frequency / ropeScaling.factor);
  if (ropeScaling.type === "yarn") return yarn(plain, ropeTheta, ropeScaling);
  if (ropeScaling.type === "longrope") {
    // Ding et al. 2024, arXiv 2402.13753: a factor for each dimension, of rows within the old context and of longer ones.
    const { shortFactors, longFactors, originalContext } = ropeScaling;
    return plain.map((frequency, i) => frequency / (length > originalContext ? longFactors : shortFactors)[i]!);
  }
  if (ropeScaling.type === "dynamic") {
    // Dynamic NTK: θ grows with the row, so that the slowest frequency is divided by `stretch` and the fastest is kept.
    const { factor, context } = ropeScaling;
    const stretch = (factor * Math.max(length, context)) / context - (factor - 1);
    return plain.map((frequency, i) => frequency * stretch ** ntkExponent(i, R));
  }
  // Llama 3.1: wavelengths over the old context are stretched by `factor`, short ones are kept, those between are blended.
  const { factor, lowFactor, highFactor, originalContext } = ropeScaling;
  return plain.map((frequency) => {
    const turns = (originalContext * frequency) / (2 * Math.PI); // over the old context
    const keep = Math.min(1, Math.max(0, (turns - lowFactor) / (highFactor - lowFactor)));
    return keep * frequency + ((1 - keep) * frequency) / factor;
  });
}

/** Of what the i-th frequency is multiplied with when θ is multiplied with stretch^(R/(R−2)). */
export const ntkExponent = (i: number, R: number): number => (-2 * i) / Math.max(1, R - 2);

/** YaRN (Peng et al. 2023, arXiv 2309.00071, section 3.2): as above, blended between dimensions rather than frequencies. */
function yarn(
  plain: number[],
  theta: number,
  { factor, betaFast, betaSlow, originalContext, truncate }: Extract<RopeScaling, { type: "yarn" }>,
): number[] {
  const R = 2 * plain.length;
  /** The dimension that turns so often over the old context. */
  const dimension = (turns: number) => (R * Math.log(originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [first, last] = [dimension(betaFast), dimension(betaSlow)];
  const low = Math.max(0, truncate ? Math.floor(first) : first);
  const high = Math.min(R - 1, truncate ? Math.ceil(last) : last);
  return plain.map((frequency, i) => {
    const stretch = Math.min(1, Math.max(0, (i - low) / (high === low ? 0.001 : high - low)));
    return (stretch * frequency) / factor + (1 - stretch) * frequency;
  });
}

/** What turned queries and keys are multiplied with. */
export const rotaryScale = ({ ropeScaling }: Rope): number => ("scale" in ropeScaling ? ropeScaling.scale : 1);

/** What GGUF keeps of a scaling as `rope_freqs.weight`: by how much each frequency is divided. */
export function frequencyFactors(rope: Rope, headDim: number): Float32Array {
  const scaled = rotaryFrequencies(rope, headDim);
  return Float32Array.from(
    rotaryFrequencies({ ...rope, ropeScaling: { type: "none" } }, headDim),
    (frequency, i) => frequency / scaled[i]!,
  );
}

/** The inverse, for Llama 3's scaling with the low and high factors that every one of its models has. Throws at others. */
export function llama3Scaling(
  factors: Float32Array,
  originalContext: number,
  { ropeTheta, headDim }: Pick<ModelConfig, "ropeTheta" | "headDim">,
): RopeScaling {
  const factor = Math.max(...factors);
  const ropeScaling = { type: "llama3", factor, lowFactor: 1, highFactor: 4, originalContext } as const;
  const expected = frequencyFactors({ ropeTheta, ropeScaling }, headDim);
  const differs =
    factors.length !== expected.length || factors.some((own, i) => Math.abs(own / expected[i]! - 1) > 1e-4);
  if (differs)
    throw new Error(
      `rope_freqs.weight is no scaling of Llama 3 by ${factor} from a context of ${originalContext} tokens, and others are not supported`,
    );
  return ropeScaling;
}
