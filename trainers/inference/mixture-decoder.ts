// Sampling from the geometric mixture of two policies over the same tokens: both read the same rows, and tokens are drawn from their logits mixed.
import { tf } from "../engine/tensorflow";
import type { Decoder, Decoding } from "./decoder";

/** Logits (1 − share) z + share z′: those of π^(1−share) π′^share, normalised token by token. */
export function mixtureDecoder(own: Decoder, other: Decoder, share: number): Decoder {
  return {
    fill: (rows) => other.fill(own.fill(rows)),
    read(prompts) {
      const [ours, theirs] = [own.read(prompts), other.read(prompts)];
      const mixed = (scoresOf: (decoding: Decoding) => tf.Tensor2D): tf.Tensor2D => {
        const scores = [scoresOf(ours), scoresOf(theirs)] as const;
        const result = tf.tidy(() => scores[0].mul(1 - share).add<tf.Tensor2D>(scores[1].mul(share)));
        tf.dispose([...scores]);
        return result;
      };
      return {
        first: () => mixed((decoding) => decoding.first()),
        keep(from) {
          ours.keep(from);
          theirs.keep(from);
        },
        next: (tokens) => mixed((decoding) => decoding.next(tokens)),
        free() {
          ours.free();
          theirs.free();
        },
      };
    },
  };
}
