// A model with its linear layers as their 4-bit codes give them back: the weights that an adapter over a quantised base has learnt to change.
import type { FourBitType, HeldBase } from "../../spec/fields/model";
import { dequantise, quantise } from "../engine/four-bit/quantise";
import { tf } from "../engine/tensorflow";
import { familyOf } from "./families";
import type { LoadedFiles } from "./formats/loaded-files";
import { quantisedLayers } from "./quantised-layers";

export function fourBitFiles(files: LoadedFiles, held: HeldBase<FourBitType>): LoadedFiles {
  const { config, host } = files;
  const { inByOut } = familyOf(config);
  const { quantisation } = held;
  if (quantisation === null) return files;
  const linear = quantisedLayers(config, held);
  const rounded = (data: Float32Array) => dequantise(quantise(data, quantisation), quantisation);
  /** A matrix the other way round; blocks run along the rows of [out, in]. */
  function turned(data: Float32Array, shape: [number, number]): Float32Array {
    const x = tf.tensor2d(data, shape);
    const other = tf.transpose(x);
    const values = other.dataSync<"float32">();
    tf.dispose([x, other]);
    return values;
  }
  return {
    ...files,
    host: {
      get(name) {
        const found = host.get(name);
        if (!found || !linear.has(name)) return found;
        const { data, shape } = found;
        if (!inByOut) return { shape, data: rounded(data) };
        const [rows, columns] = shape as [number, number];
        return { shape, data: turned(rounded(turned(data, [rows, columns])), [columns, rows]) };
      },
    },
  };
}
