// WorkbenchProduct: x Wᵀ with x [N, in] and W [out, in] in float32, for few rows: there TensorFlow's own is several times slower.
#include "columns.h"

#include <mutex>

#include "large-pages.h"
#include "ops.h"
#include "tensorflow.h"

namespace {

void compute(void*, TF_OpKernelContext* context) {
  const Tensor x = input(context, 0), w = input(context, 1);
  const long count = x.size(0), in = x.size(1), out = w.size(0);
  if (in != w.size(1)) return fail(context, "WorkbenchProduct: rows of " + std::to_string(in) + " and of " + std::to_string(w.size(1)) + " numbers");
  const Tensor y = output(context, 0, TF_FLOAT, {count, out});
  keepOnLargePages({{w.data<char>(), out * in * long(sizeof(float))}});
  static std::mutex busy;
  static Scratch* scratch = new Scratch();
  std::lock_guard<std::mutex> lock(busy);
  scratch->reset();
  Pool& pool = Pool::instance();
  const long blocks = (count + kLanes - 1) / kLanes, copied = copiedBytes(in);
  const Factor<Float32> columns = Factor<Float32>::take(*scratch, blocks, in);
  char* rooms = scratch->take<char>(pool.size() * copied);
  pool.run([&](int thread) {
    int phase = 0;
    pool.share(phase, blocks, [&](long block) {
      columns.exact.fill(block, 0, in, [&](long i) { return block * kLanes + i < count ? x.data<float>() + (block * kLanes + i) * in : nullptr; });
      columns.finish(block, 0, in);
    });
    const Part<float> part{w.data<float>(), out, 0, {}};
    overTiles<Float32>(pool, phase, blocks, {out}, [&](auto Z, const Place& place) {
      alignas(64) float values[kTileRows<Float32, Z> * Z * kLanes];
      tile<Float32, Z>(columns, &part, place, rooms + thread * copied, values);
      for (int z = 0; z < Z; z++)
        Columns::turn(values + z * kLanes, Z * kLanes, place.count, [&](long i) {
          const long n = (place.block + z) * kLanes + i;
          return n < count ? y.data<float>() + n * out + place.row : nullptr;
        });
    });
  });
}

} // namespace

void registerProduct() {
  registerOp({"WorkbenchProduct", {}, {"x: float", "w: float"}, {"y: float"}});
  registerKernel({"WorkbenchProduct", {}, compute});
}
