// WorkbenchProduct: x Wᵀ with x [N, in] and W [out, in] in float32, for few rows: there TensorFlow's own is several times slower. And
// WorkbenchInt8Product: the same with W in 8 bits.
#include "columns.h"

#include <mutex>

#include "large-pages.h"
#include "ops.h"
#include "tensorflow.h"

namespace {

/** y [N, out] = x Wᵀ, W being `part`. */
template <class P>
void multiply(const Tensor& x, const Part<typename P::Weight>& part, const Tensor& y) {
  const long count = x.size(0), in = x.size(1), out = part.count;
  keepOnLargePages({{reinterpret_cast<const char*>(part.w), out * heldSize<P>(in) * long(sizeof *part.w)}});
  static std::mutex busy;
  static Scratch* scratch = new Scratch();
  std::lock_guard<std::mutex> lock(busy);
  scratch->reset();
  Pool& pool = Pool::instance();
  const long blocks = (count + kLanes - 1) / kLanes, copied = copiedBytes(in);
  const Factor<P> columns = Factor<P>::take(*scratch, blocks, in);
  char* rooms = scratch->take<char>(pool.size() * copied);
  pool.run([&](int thread) {
    int phase = 0;
    pool.share(phase, blocks, [&](long block) {
      columns.exact.fill(block, 0, in, [&](long i) { return block * kLanes + i < count ? x.data<float>() + (block * kLanes + i) * in : nullptr; });
      columns.finish(block, 0, in);
    });
    overTiles<P>(pool, phase, blocks, {out}, [&](auto Z, const Place& place) {
      alignas(64) float values[kTileRows<P, Z> * Z * kLanes];
      tile<P, Z>(columns, &part, place, rooms + thread * copied, values);
      for (int z = 0; z < Z; z++)
        Columns::turn(values + z * kLanes, Z * kLanes, place.count, [&](long i) {
          const long n = (place.block + z) * kLanes + i;
          return n < count ? y.data<float>() + n * out + place.row : nullptr;
        });
    });
  });
}

void compute(void*, TF_OpKernelContext* context) {
  const Tensor x = input(context, 0), w = input(context, 1);
  if (x.size(1) != w.size(1)) return fail(context, "WorkbenchProduct: rows of " + std::to_string(x.size(1)) + " and of " + std::to_string(w.size(1)) + " numbers");
  multiply<Float32>(x, {w.data<float>(), w.size(0), 0, {}}, output(context, 0, TF_FLOAT, {x.size(0), w.size(0)}));
}

void computeInt8(void*, TF_OpKernelContext* context) {
  const Tensor x = input(context, 0), words = input(context, 1), scales = input(context, 2);
  if (heldSize<Int8>(x.size(1)) != 4 * words.size(1) || words.count() * 4 != scales.count() * kGroup)
    return fail(context, "WorkbenchInt8Product: rows of " + std::to_string(x.size(1)) + " numbers, and " + std::to_string(words.size(0)) + " of " +
                             std::to_string(4 * words.size(1)) + " codes with " + std::to_string(scales.count()) + " scales");
  multiply<Int8>(x, {words.data<uint8_t>(), words.size(0), 0, {}, scales.data<float>()}, output(context, 0, TF_FLOAT, {x.size(0), words.size(0)}));
}

} // namespace

void registerProduct() {
  registerOp({"WorkbenchProduct", {}, {"x: float", "w: float"}, {"y: float"}});
  registerKernel({"WorkbenchProduct", {}, compute});
  registerOp({"WorkbenchInt8Product", {}, {"x: float", "words: int32", "scales: float"}, {"y: float"}});
  registerKernel({"WorkbenchInt8Product", {}, computeInt8});
}
