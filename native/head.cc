// WorkbenchHead: log-probabilities of labels under the output head, and their gradients. The plain form is trainers/engine/label-scores.ts.
#include "head.h"

#include <mutex>

#include "ops.h"
#include "tensorflow.h"

namespace {

constexpr long kStates = 1024; // at once: their sums stay in the caches

void compute(void* narrow, TF_OpKernelContext* context) {
  const Tensor states = input(context, 0), head = input(context, 1), labels = input(context, 2);
  const long count = states.size(0), hidden = states.size(1), vocabulary = head.size(0);
  for (long n = 0; n < count; n++)
    if (labels.data<int32_t>()[n] < 0 || labels.data<int32_t>()[n] >= vocabulary)
      return fail(context, "WorkbenchHead: token " + std::to_string(labels.data<int32_t>()[n]) + " is not one of " + std::to_string(vocabulary));
  const Tensor scores = output(context, 0, TF_FLOAT, {count, 4}), rows = output(context, 1, TF_FLOAT, {count, hidden});
  static std::mutex busy;
  static Scratch* scratch = new Scratch();
  std::lock_guard<std::mutex> lock(busy);
  for (long first = 0; first < count; first += kStates) {
    const HeadCall call{std::min(kStates, count - first), hidden, vocabulary, states.data<float>() + first * hidden, head.data<float>(), labels.data<int32_t>() + first,
                        scores.data<float>() + first * 4, rows.data<float>() + first * hidden};
    auto run = [&](auto precision) { Head<decltype(precision)>(Pool::instance(), *scratch, call).run(); };
    if (narrow) inBfloat16(run);
    else run(Float32());
  }
}

} // namespace

void registerHead() {
  registerOp({"WorkbenchHead", {"narrow: int"}, {"states: float", "head: float", "labels: int32"}, {"scores: float", "rows: float"}});
  // The kernel's object is null or not: nothing has to be freed.
  registerKernel({"WorkbenchHead", {}, compute, [](TF_OpKernelConstruction* construction) -> void* {
                    static char yes;
                    return intAttribute(construction, "narrow") ? &yes : nullptr;
                  }});
}
