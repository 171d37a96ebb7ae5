// WorkbenchPositions: cosines and sines of rotary positions. Each number depends on its own position only, not on where in the batch it stands,
// as TensorFlow's do, which takes several at a time and the rest one by one.
#include <cmath>

#include "ops.h"
#include "tensorflow.h"

namespace {

/** positions [N] and angular frequencies [D]. → [N, 2, D]: cosines, then sines, times `scale` */
void compute(void* self, TF_OpKernelContext* context) {
  const float scale = *static_cast<float*>(self);
  const Tensor positions = input(context, 0), frequencies = input(context, 1);
  const long count = positions.size(0), size = frequencies.size(0);
  const Tensor table = output(context, 0, TF_FLOAT, {count, 2, size});
  float* to = table.data<float>();
  for (long n = 0; n < count; n++, to += 2 * size)
    for (long i = 0; i < size; i++) {
      const float angle = float(positions.data<int32_t>()[n]) * frequencies.data<float>()[i];
      to[i] = cosf(angle) * scale;
      to[size + i] = sinf(angle) * scale;
    }
}

} // namespace

void registerPositions() {
  registerOp({"WorkbenchPositions", {"scale: float"}, {"positions: int32", "frequencies: float"}, {"table: float"}});
  registerKernel({"WorkbenchPositions", {}, compute, [](TF_OpKernelConstruction* construction) -> void* { return new float(floatAttribute(construction, "scale")); },
                  [](void* scale) { delete static_cast<float*>(scale); }});
}
