// AdamW whose two means stay in 8 bits a number between updates (Dettmers et al. 2022, arXiv 2110.02861), step for step as bitsandbytes 0.50
// computes it. An update takes the new means before they are rounded. Tensors of fewer numbers go by AdamW.

import { eightBitZeros, fromEightBit, signed, toEightBit, unsigned } from "../../engine/eight-bit";
import type { tf } from "../../engine/tensorflow";
import { adamw } from "./adamw";
import type { Rule } from "./rule";

export const smallest8bit = 4096;

type Slot = "mean" | "mean_scales" | "square" | "square_scales";

export const adamw8bit: Rule<Slot, "rate" | "root" | "decay"> = {
  start(variable) {
    signed();
    unsigned();
    const [mean, square] = [eightBitZeros(variable), eightBitZeros(variable)];
    return { mean: mean.words, mean_scales: mean.scales, square: square.words, square_scales: square.scales };
  },
  scalars: adamw.scalars,
  update({ slots, ...input }) {
    const of = (words: tf.Tensor, scales: tf.Tensor) => ({
      words: words as tf.Tensor1D,
      scales: scales as tf.Tensor1D,
    });
    const { variable, slots: next } = adamw.update({
      ...input,
      slots: {
        mean: fromEightBit(of(slots.mean, slots.mean_scales), signed(), input.variable),
        square: fromEightBit(of(slots.square, slots.square_scales), unsigned(), input.variable),
      },
    });
    const [mean, square] = [toEightBit(next.mean, signed()), toEightBit(next.square, unsigned())];
    return {
      variable,
      slots: { mean: mean.words, mean_scales: mean.scales, square: square.words, square_scales: square.scales },
    };
  },
};
