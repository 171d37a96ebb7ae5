// WorkbenchNorm: RMSNorm of each row by itself, so that its bits do not depend on the rows beside it. The gradient is in trainers/models/llama/packed.ts.
#include "model.h"
#include "ops.h"
#include "pool.h"
#include "tensorflow.h"

namespace {

void compute(void* self, TF_OpKernelContext* context) {
  const float epsilon = *static_cast<float*>(self);
  const Tensor x = input(context, 0), weight = input(context, 1);
  const long count = x.size(0), size = x.size(1);
  const Tensor y = output(context, 0, TF_FLOAT, {count, size});
  Pool& pool = Pool::instance();
  pool.run([&](int) {
    int phase = 0;
    constexpr long some = 16;
    pool.share(phase, (count + some - 1) / some, [&](long item) {
      for (long n = item * some; n < (item + 1) * some && n < count; n++)
        normRow(x.data<float>() + n * size, weight.data<float>(), size, epsilon, y.data<float>() + n * size);
    });
  });
}

} // namespace

void registerNorm() {
  registerOp({"WorkbenchNorm", {"epsilon: float"}, {"x: float", "weight: float"}, {"y: float"}});
  registerKernel({"WorkbenchNorm", {}, compute, [](TF_OpKernelConstruction* construction) -> void* { return new float(floatAttribute(construction, "epsilon")); },
                  [](void* epsilon) { delete static_cast<float*>(epsilon); }});
}
