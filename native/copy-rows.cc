// WorkbenchCopyRows: the first columns of some rows of a cache copied to other rows of it, in place: what prompts have in common is computed once.
#include <cstring>

#include "ops.h"
#include "pool.h"
#include "tensorflow.h"

namespace {

/** keys and values [layers, rows, heads, columns, D]; from, to and count [N]: the first count[n] columns of row from[n] go to row to[n]. */
void compute(void*, TF_OpKernelContext* context) {
  const Tensor caches[] = {input(context, 0), input(context, 1)};
  const Tensor from = input(context, 2), to = input(context, 3), count = input(context, 4);
  const long layers = caches[0].size(0), rows = caches[0].size(1), heads = caches[0].size(2), columns = caches[0].size(3), D = caches[0].size(4);
  const long copies = from.size(0);
  for (long n = 0; n < copies; n++)
    for (const long value : {from.data<int32_t>()[n], to.data<int32_t>()[n]})
      if (value < 0 || value >= rows || count.data<int32_t>()[n] < 0 || count.data<int32_t>()[n] > columns)
        return fail(context, "WorkbenchCopyRows: " + std::to_string(count.data<int32_t>()[n]) + " columns of row " + std::to_string(value) + " are not within a cache of " +
                                 std::to_string(rows) + " rows and " + std::to_string(columns) + " columns");
  Pool::instance().run([&](int) {
    int phase = 0;
    Pool::instance().share(phase, 2 * layers * copies, [&](long item) {
      const long n = item % copies, layer = item / copies % layers;
      float* cache = caches[item / copies / layers].data<float>();
      for (long head = 0; head < heads; head++) {
        auto place = [&](const Tensor& row) { return cache + ((layer * rows + row.data<int32_t>()[n]) * heads + head) * columns * D; };
        memmove(place(to), place(from), count.data<int32_t>()[n] * D * sizeof(float));
      }
    });
  });
  output(context, 0, TF_INT32, {copies});
}

} // namespace

void registerCopyRows() {
  registerOp({"WorkbenchCopyRows", {}, {"keys: float", "values: float", "from: int32", "to: int32", "count: int32"}, {"copied: int32"}, true});
  registerKernel({"WorkbenchCopyRows", {}, compute});
}
