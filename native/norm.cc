// WorkbenchNorm: RMSNorm of each row by itself, so that its bits do not depend on the rows beside it. The gradient is in trainers/models/llama/packed.ts.
#include <cmath>

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
      for (long n = item * some; n < (item + 1) * some && n < count; n++) {
        const float *from = x.data<float>() + n * size, *by = weight.data<float>();
        float *to = y.data<float>() + n * size, sum = 0;
#pragma omp simd reduction(+ : sum)
        for (long k = 0; k < size; k++) sum += from[k] * from[k];
        const float scale = 1 / std::sqrt(sum / size + epsilon);
#pragma omp simd
        for (long k = 0; k < size; k++) to[k] = from[k] * scale * by[k];
      }
    });
  });
}

} // namespace

void registerNorm() {
  registerOp({"WorkbenchNorm", {"epsilon: float"}, {"x: float", "weight: float"}, {"y: float"}});
  registerKernel({"WorkbenchNorm", {}, compute, [](TF_OpKernelConstruction* construction) -> void* { return new float(floatAttribute(construction, "epsilon")); },
                  [](void* epsilon) { delete static_cast<float*>(epsilon); }});
}
