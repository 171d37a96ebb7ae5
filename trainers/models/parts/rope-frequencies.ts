// How fast rotary positions turn (Su et al. 2021, arXiv 2104.09864). No tfjs in here: files are read with it too.
import type { ModelConfig } from "../config";

type Rope = Pick<ModelConfig, "headDim" | "ropeTheta" | "ropeScaling">;

/** θ^(−2i/D) for i < D/2, in radians a token, stretched as the model's scaling says. */
export function rotaryFrequencies({ headDim: D, ropeTheta, ropeScaling }: Rope): number[] {
  const plain = Array.from({ length: D / 2 }, (_, i) => ropeTheta ** ((-2 * i) / D));
  if (ropeScaling.type === "none") return plain;
  if (ropeScaling.type === "linear") return plain.map((frequency) => frequency / ropeScaling.factor);
  // Llama 3.1: wavelengths over the old context are stretched by `factor`, short ones are kept, those between are blended.
  const { factor, lowFactor, highFactor, originalContext } = ropeScaling;
  return plain.map((frequency) => {
    const turns = (originalContext * frequency) / (2 * Math.PI); // over the old context
    const keep = Math.min(1, Math.max(0, (turns - lowFactor) / (highFactor - lowFactor)));
    return keep * frequency + ((1 - keep) * frequency) / factor;
  });
}

/** What GGUF keeps of a scaling as `rope_freqs.weight`: by how much each frequency is divided. */
export function frequencyFactors(rope: Rope): Float32Array {
  const scaled = rotaryFrequencies(rope);
  return Float32Array.from(
    rotaryFrequencies({ ...rope, ropeScaling: { type: "none" } }),
    (frequency, i) => frequency / scaled[i]!,
  );
}

/** The inverse, for Llama 3's scaling with the low and high factors that every one of its models has. Throws at others. */
export function llama3Scaling(
  factors: Float32Array,
  originalContext: number,
  rope: Omit<Rope, "ropeScaling">,
): ModelConfig["ropeScaling"] {
  const factor = Math.max(...factors);
  const ropeScaling = { type: "llama3", factor, lowFactor: 1, highFactor: 4, originalContext } as const;
  const expected = frequencyFactors({ ...rope, ropeScaling });
  const differs =
    factors.length !== expected.length || factors.some((own, i) => Math.abs(own / expected[i]! - 1) > 1e-4);
  if (differs)
    throw new Error(
      `rope_freqs.weight is no scaling of Llama 3 by ${factor} from a context of ${originalContext} tokens, and others are not supported`,
    );
  return ropeScaling;
}
