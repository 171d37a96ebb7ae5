// Numbers drawn from a seed (../custom.ts) as the TensorFlow node that draws them.
import { FLOAT, INT32 } from "../binding";
import { record } from "./kernels";
import { attribute } from "./protobuf";
import { recorder as r } from "./recorder";

record("Uniform", ({ seed }, { shape }: { shape: number[] }) => {
  const attributes = { dtype: attribute.type(FLOAT), T: attribute.type(INT32), Tseed: attribute.type(INT32) };
  return r.tensor(r.emit("StatelessRandomUniform", [r.ints(shape), r.node(seed!)], attributes), shape, "float32");
});
