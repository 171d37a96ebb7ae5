// A model with its linear layers as their 4-bit codes give them back: the weights that an adapter over a quantised base has learnt to change.
import type { Quantisation } from "../../spec/fields/model";
import { dequantise, quantise } from "../engine/four-bit/quantise";
import { tf } from "../engine/tensorflow";
import { familyOf } from "./families";
import type { LoadedFiles } from "./formats/loaded-files";
import { linearName } from "./names";

export function fourBitFiles(files: LoadedFiles, quantisation: Quantisation): LoadedFiles {
  const { config, host } = files;
  const { linearGroups, inByOut } = familyOf(config);
  const layers = Array.from({ length: config.layers }, (_, layer) => layer);
  const linear = new Set(layers.flatMap((layer) => linearGroups.flat().map((name) => linearName(config, layer, name))));
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
