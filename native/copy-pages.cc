// WorkbenchCopyPages: some pages of a cache copied to others of it, in place: a row that goes on otherwise than another writes into a page of its own.
#include <cstring>

#include "ops.h"
#include "pool.h"
#include "tensorflow.h"

namespace {

/** keys and values [pages, layers, heads, tokens, D]; from and to [N]: page from[n] goes to page to[n]. */
void compute(void*, TF_OpKernelContext* context) {
  const Tensor caches[] = {input(context, 0), input(context, 1)};
  const Tensor from = input(context, 2), to = input(context, 3);
  const long pages = caches[0].size(0), copies = from.size(0);
  const long size = caches[0].size(1) * caches[0].size(2) * caches[0].size(3) * caches[0].size(4);
  for (long n = 0; n < copies; n++)
    for (const long page : {from.data<int32_t>()[n], to.data<int32_t>()[n]})
      if (page < 0 || page >= pages) return fail(context, "WorkbenchCopyPages: page " + std::to_string(page) + " is none of " + std::to_string(pages));
  Pool::instance().run([&](int) {
    int phase = 0;
    Pool::instance().share(phase, 2 * copies, [&](long item) {
      float* cache = caches[item / copies].data<float>();
      memcpy(cache + to.data<int32_t>()[item % copies] * size, cache + from.data<int32_t>()[item % copies] * size, size * sizeof(float));
    });
  });
  output(context, 0, TF_INT32, {copies});
}

} // namespace

void registerCopyPages() {
  registerOp({"WorkbenchCopyPages", {}, {"keys: float", "values: float", "from: int32", "to: int32"}, {"copied: int32"}, true});
  registerKernel({"WorkbenchCopyPages", {}, compute});
}
