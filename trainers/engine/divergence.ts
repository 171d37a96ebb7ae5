// How far a student's distribution is from a teacher's, at each position over the whole vocabulary, with its gradient to the student alone.
// As in head.ts nothing of size tokens × vocabulary outlives its chunk.
import { barrier } from "./custom";
import { chunks, type Head, headInput, logitsOf, rows, softmax } from "./head";
import { fused } from "./ops";
import { tf } from "./tensorflow";

export interface Divergence {
  /** The generalised Jensen–Shannon divergence; it alone has a gradient. */
  divergence: tf.Tensor1D; // [N]
  /** KL(student ‖ teacher). */
  kl: tf.Tensor1D; // [N]
  /** Of the student's distribution. */
  entropy: tf.Tensor1D; // [N]
  /** 1 where both find the same token likeliest. */
  agreement: tf.Tensor1D; // [N]
}

interface Side {
  states: tf.Tensor2D; // [N, d], the teacher's of its own width
  head: Head;
}

/**
 * Generalised Jensen–Shannon divergence (Agarwal et al. 2024, arXiv 2306.13649, equation 1) of teacher T and student S, in nats:
 * β KL(T ‖ M) + (1 − β) KL(S ‖ M) with M = β T + (1 − β) S. As in TRL β = 0 stands for KL(T ‖ S) and β = 1 for KL(S ‖ T), which are its limits
 * over β and 1 − β.
 */
export function positionDivergence(student: Side, teacher: Side, beta: number): Divergence {
  const { weight, softCap } = student.head;
  const others = headInput(teacher.states, teacher.head);
  const isTrained = weight instanceof tf.Variable;
  const partOf = (hidden: tf.Tensor, others: tf.Tensor, head: tf.Tensor, [start, size]: [number, number]) => {
    const h = rows(hidden, start, size); // [C, d]
    const logT = tf.logSoftmax(logitsOf(rows(others, start, size), { ...teacher.head, divisor: undefined })); // [C, V]
    return { h, ...compared(h, { weight: head as tf.Tensor2D, softCap }, logT as tf.Tensor2D, beta) };
  };
  const table = fused<tf.Tensor2D>(
    isTrained ? [headInput(student.states, student.head), weight] : [headInput(student.states, student.head)],
    (hidden, head = weight) => {
      const parts = chunks(hidden!.shape[0]!).map((chunk) =>
        tf.tidy(() => {
          const { table, toProducts } = partOf(hidden!, others, head, chunk);
          return { table, row: isTrained ? tf.scalar(0) : tf.matMul(toProducts, head as tf.Tensor2D) }; // [C, d]
        }),
      );
      const value = tf.concat2d(
        parts.map((part) => part.table),
        0,
      );
      return { value, saved: [isTrained ? others : tf.concat(parts.map((part) => part.row))] };
    },
    (dy, [hidden, head], [saved]) => {
      if (!isTrained) return [saved!.mul(dy.slice([0, 0], [-1, 1]))];
      const again = barrier(hidden!, dy);
      const parts = chunks(hidden!.shape[0]!).map((chunk) => {
        const { h, toProducts } = partOf(again, saved!, head!, chunk);
        const weighed: tf.Tensor2D = toProducts.mul(dy.slice([chunk[0], 0], [chunk[1], 1])); // [C, V]
        return { hidden: tf.matMul(weighed, head as tf.Tensor2D), head: tf.matMul(weighed, h, true) }; // [C, d], [V, d]
      });
      return [tf.concat(parts.map((part) => part.hidden)), tf.addN(parts.map((part) => part.head))];
    },
  ); // [N, 4]
  const column = (i: number) => table.slice([0, i], [-1, 1]).reshape<tf.Tensor1D>([-1]);
  return { divergence: column(0), kl: column(1), entropy: column(2), agreement: column(3) };
}

/**
 * The columns of Divergence for a chunk, and the gradient of the first to the products h Wᵀ: S (g − Σ S g), where g is its derivative to S, up to
 * what is the same for all tokens. h [C, d], logT [C, V] → [C, 4], [C, V]
 */
function compared(h: tf.Tensor2D, { weight, softCap }: Head, logT: tf.Tensor2D, beta: number) {
  const { scores, slope } = softmax(h, weight, softCap);
  const logS: tf.Tensor2D = tf.logSoftmax(scores); // [C, V]; closer than what falls short of logSum, and all depends on small differences
  const s: tf.Tensor2D = logS.exp();
  const { value, derivative } = generalizedJsd(logS, logT, beta);
  const toScores = derivative ? s.mul(derivative.sub(s.mul(derivative).sum(-1, true))) : s.sub(logT.exp());
  const kl = s.mul(logS.sub(logT)).sum(-1);
  const entropy = s.mul(logS).sum(-1).neg();
  const agreement = logS.argMax(-1).equal(logT.argMax(-1)).toFloat();
  return {
    table: tf.stack([value, kl, entropy, agreement], 1) as tf.Tensor2D,
    toProducts: (slope ? toScores.mul(slope) : toScores) as tf.Tensor2D,
  };
}

/** Of log-probabilities [C, V] of student and teacher → [C], and its derivative to S but for a constant: null for KL(T ‖ S), where it is −T / S. */
export function generalizedJsd(
  logS: tf.Tensor2D,
  logT: tf.Tensor2D,
  beta: number,
): { value: tf.Tensor1D; derivative: tf.Tensor2D | null } {
  const kl = (logP: tf.Tensor2D, ratio: tf.Tensor) => logP.exp().mul(ratio).sum<tf.Tensor1D>(-1);
  if (beta === 0) return { value: kl(logT, logT.sub(logS)), derivative: null };
  if (beta === 1) return { value: kl(logS, logS.sub(logT)), derivative: logS.sub(logT) };
  // log(S / M) and log(T / M) of M = β T + (1 − β) S, without a difference of two large numbers
  const apart = logT.sub(logS).add(Math.log(beta) - Math.log1p(-beta)); // log(β T) − log((1 − β) S)
  const fromS = tf.softplus(apart).add<tf.Tensor2D>(Math.log1p(-beta)).neg(); // [C, V]
  const fromT = tf.softplus(apart.neg()).add<tf.Tensor2D>(Math.log(beta)).neg(); // [C, V]
  return {
    value: kl(logT, fromT)
      .mul(beta)
      .add(kl(logS, fromS).mul(1 - beta)),
    derivative: fromS.mul(1 - beta),
  };
}
