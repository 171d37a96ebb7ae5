// Distillation: a student learns the distribution of a teacher, on the rows' answers or on its own (Agarwal et al. 2024),
// with a policy gradient on its own, if asked to (MiniLLM, Gu et al. 2024).
import { z } from "zod";
import { advanced, essential, folderOf } from "../field-meta";
import { maxCompletionLength, temperature } from "../fields/sampled";
import { type ConfigOf, defineMethod } from "./method";
import { fromRows } from "./shared";

const share = z.number().min(0).max(1);

const options = z.strictObject({
  teacher: z
    .string()
    .min(1)
    .describe("Teacher")
    .meta({
      ...essential("A finished run on the same base, or a model with the same vocabulary, which may be larger"),
      ...folderOf("teacher"),
    }),
  lmbda: share
    .default(0.5)
    .describe("On-policy share λ")
    .meta(
      essential("Probability that a step learns on completions that the student samples, not on the rows' own answers"),
    ),
  beta: share
    .default(0.5)
    .describe("Divergence β")
    .meta(
      essential(
        "Of the generalised Jensen–Shannon divergence: 0 is KL(teacher ‖ student), which covers every answer of the teacher; 1 is KL(student ‖ teacher), which keeps to its likeliest",
      ),
    ),
  temperature: temperature.meta(advanced("Of sampling, and of both distributions that are compared")),
  maxCompletionLength,
  seqKd: z
    .boolean()
    .default(false)
    .describe("Answers by the teacher")
    .meta(advanced("Steps that do not sample the student sample the teacher: sequence-level distillation")),
  policyGradient: z
    .boolean()
    .default(false)
    .describe("Policy gradient")
    .meta(
      advanced(
        "On completions that the student samples, each token also learns from how the rest of the completion differs from the teacher (MiniLLM, with a divergence β of 1)",
      ),
    ),
  gamma: share
    .default(1)
    .describe("Discount γ")
    .meta(
      advanced(
        "Of the policy gradient: 0 counts a token's own difference from the teacher, 1 that of all that follow as much",
      ),
    ),
  lengthNormalization: z
    .boolean()
    .default(true)
    .describe("Length normalization")
    .meta(advanced("The policy gradient weighs a token by the mean of what follows, not by the sum")),
});

/** Whether any step samples its answers. */
const samples = ({ lmbda, seqKd }: z.output<typeof options>): boolean => lmbda > 0 || seqKd;

export const distill = defineMethod({
  ...fromRows,
  charts: ["teacherKl", "teacherAgreement", "entropy", "rolloutLength"],
  name: "distill",
  block: "distill",
  options,
  label: "Distillation",
  about:
    "Learns a teacher's distribution token by token, on its own completions too (GKD, Agarwal et al. 2024; MiniLLM, Gu et al. 2024).",
  reference: null,
  reads: ["sft", "pairs", "stepwise"],
  dataLabel: "Training data",
  counted: ({ imitated }) => ({ count: imitated, words: "answers" }),
  samples: ({ distill }) => samples(distill),
  sampledAtOnce: (config) => (samples(config.distill) ? fromRows.rowsPerStep(config) : 0),
  scoresApart: () => true, // the teacher
  problems: ({ distill, onSpike }) => [
    ...(onSpike === "rollback" && samples(distill)
      ? [
          {
            path: "onSpike",
            message:
              'completions that are sampled cannot be left out afterwards: use "continue", or set distill.lmbda to 0',
          },
        ]
      : []),
    ...(distill.policyGradient && distill.beta !== 1
      ? [
          {
            path: "distill.beta",
            message: `the policy gradient is that of KL(student ‖ teacher), and ${distill.beta} is another divergence: set it to 1, or distill.policyGradient to false`,
          },
        ]
      : []),
  ],
  advice: ({ distill: { lmbda, seqKd, policyGradient } }) => [
    ...(seqKd && lmbda === 1
      ? [{ path: "distill.seqKd", message: "with an on-policy share of 1 the teacher is never sampled" }]
      : []),
    ...(policyGradient && lmbda === 0
      ? [{ path: "distill.policyGradient", message: "with an on-policy share of 0 no step has a policy gradient" }]
      : []),
  ],
  mayHaveLogged: (names) => names.has("teacher/kl"),
});
export type DistillConfig = ConfigOf<typeof distill>;
