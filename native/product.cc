// WorkbenchProduct: x Wᵀ with x [N, in] and W [out, in] in float32, for few rows: there TensorFlow's own is several times slower.
#include "product.h"

#include <mutex>

#include "ops.h"
#include "tensorflow.h"

namespace {

void compute(void*, TF_OpKernelContext* context) {
  const Tensor x = input(context, 0), w = input(context, 1);
  const long count = x.size(0), in = x.size(1), out = w.size(0);
  if (in != w.size(1)) return fail(context, "WorkbenchProduct: rows of " + std::to_string(in) + " and of " + std::to_string(w.size(1)) + " numbers");
  const Tensor y = output(context, 0, TF_FLOAT, {count, out});
  static std::mutex busy;
  static Scratch* scratch = new Scratch();
  std::lock_guard<std::mutex> lock(busy);
  scratch->reset();
  const long rows = filled(count, kRows);
  const Rows<Float32> filledRows = Rows<Float32>::take(*scratch, rows, in);
  const Matrix& copy = filledRows.exact;
  for (long n = 0; n < rows; n++) {
    memset(copy.row(n), 0, copy.stride * sizeof(float));
    if (n < count) memcpy(copy.row(n), x.data<float>() + n * in, in * sizeof(float));
  }
  Pool& pool = Pool::instance();
  pool.run([&](int) {
    int phase = 0;
    product<Float32>(pool, phase, rows, filledRows.times(w.data<float>(), in), {{0, out, {}}}, [&](long n, long column, float value) {
      if (n < count) y.data<float>()[n * out + column] = value;
    });
  });
}

} // namespace

void registerProduct() {
  registerOp({"WorkbenchProduct", {}, {"x: float", "w: float"}, {"y: float"}});
  registerKernel({"WorkbenchProduct", {}, compute});
}
