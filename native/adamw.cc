// WorkbenchAdamW: an update by AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2) of one variable, in one pass over its numbers.
// The plain form, and what its scalars are, is in trainers/run/optimizers/adamw.ts.
#include <algorithm>
#include <cmath>

#include "ops.h"
#include "pool.h"
#include "tensorflow.h"

#pragma GCC optimize("fp-contract=off") // every product and sum rounds, as in the plain form: bitsandbytes' 8 bits are sensitive to the last one

namespace {

/** β₁, 1 − β₁, β₂, 1 − β₂ and ε */
struct Options {
  float beta1, rest1, beta2, rest2, epsilon;
};

void* readOptions(TF_OpKernelConstruction* c) {
  return new Options{floatAttribute(c, "beta1"), floatAttribute(c, "rest1"), floatAttribute(c, "beta2"), floatAttribute(c, "rest2"), floatAttribute(c, "epsilon")};
}
void deleteOptions(void* options) { delete static_cast<Options*>(options); }

/** variable, gradient, mean and square: of one shape; rate, root and decay [3]. → variable, mean, square */
void compute(void* self, TF_OpKernelContext* context) {
  const Options& o = *static_cast<Options*>(self);
  const Tensor variable = input(context, 0), gradient = input(context, 1), mean = input(context, 2), square = input(context, 3), scalars = input(context, 4);
  const float rate = scalars.data<float>()[0], root = scalars.data<float>()[1], decay = scalars.data<float>()[2];
  const long count = variable.count();
  for (const Tensor* other : {&gradient, &mean, &square})
    if (other->count() != count) return fail(context, "WorkbenchAdamW: " + std::to_string(other->count()) + " numbers beside a variable of " + std::to_string(count));
  const auto like = [&](int index) { return output(context, index, TF_FLOAT, variable.shape()); };
  const Tensor made[] = {like(0), like(1), like(2)};
  const float *w = variable.data<float>(), *g = gradient.data<float>(), *m = mean.data<float>(), *v = square.data<float>();
  float *nextW = made[0].data<float>(), *nextM = made[1].data<float>(), *nextV = made[2].data<float>();
  auto update = [=](long begin, long end) {
#pragma omp simd
    for (long i = begin; i < end; i++) {
      nextM[i] = o.beta1 * m[i] + o.rest1 * g[i];
      nextV[i] = o.beta2 * v[i] + o.rest2 * (g[i] * g[i]);
      nextW[i] = w[i] * decay - nextM[i] / (std::sqrt(nextV[i]) / root + o.epsilon) * rate;
    }
  };
  constexpr long some = 1 << 16;
  if (count <= some) return update(0, count); // other variables' have the other threads
  Pool& pool = Pool::instance();
  pool.run([&](int) {
    int phase = 0;
    pool.share(phase, (count + some - 1) / some, [&](long item) { update(item * some, std::min(count, (item + 1) * some)); });
  });
}

} // namespace

void registerAdamw() {
  registerOp({"WorkbenchAdamW",
              {"beta1: float", "rest1: float", "beta2: float", "rest2: float", "epsilon: float"},
              {"variable: float", "gradient: float", "mean: float", "square: float", "scalars: float"},
              {"next: float", "next_mean: float", "next_square: float"}});
  registerKernel({"WorkbenchAdamW", {}, compute, readOptions, deleteOptions});
}
