// WorkbenchForward: hidden states of new tokens, whose keys and values it writes into the cache that it is given. The plain form is
// trainers/models/llama/transformer.ts with the attention of trainers/inference/sampling.ts.
#include "forward.h"

#include <mutex>

#include "large-pages.h"
#include "ops.h"
#include "tensorflow.h"

namespace {

struct Options {
  long heads, headSize, matrices;
  Activation activation;
  float epsilon;
  bool all;
};

void* readOptions(TF_OpKernelConstruction* c) {
  return new Options{long(intAttribute(c, "heads")), long(intAttribute(c, "head_size")), long(intAttribute(c, "n")),
                     Activation(intAttribute(c, "activation")), floatAttribute(c, "epsilon"), intAttribute(c, "all") != 0};
}
void deleteOptions(void* options) { delete static_cast<Options*>(options); }

/** Rows whose arrays together stay in the caches: about 512 tokens at a time. */
template <class P>
void runInParts(const Call<P>& call) {
  static std::mutex busy;
  static Scratch* scratch = new Scratch();
  std::lock_guard<std::mutex> lock(busy);
  const long some = std::max<long>(1, 512 / call.tokens);
  for (long first = 0; first < call.batch; first += some) {
    Call<P> part = call;
    part.batch = std::min(some, call.batch - first);
    part.row += first;
    part.column += first;
    part.ids += first * call.tokens;
    part.padding += first;
    part.result += first * (call.all ? call.tokens : 1) * call.shape.hidden;
    Forward<P>(Pool::instance(), *scratch, part).run();
  }
}

template <class P>
void compute(void* self, TF_OpKernelContext* context) {
  typedef typename P::Weight Weight;
  const Options& options = *static_cast<Options*>(self);
  std::vector<Tensor> in;
  for (int i = 0; i < 12 + options.matrices; i++) in.push_back(input(context, i));
  const Tensor &ids = in[0], &padding = in[1], &row = in[2], &column = in[3], &keys = in[4], &values = in[5], &embedding = in[6];
  const Tensor &vectors = in[7], &norm = in[8], &rope = in[9], &ranks = in[10], &adapter = in[11];
  Call<P> call;
  call.shape = {keys.size(0), embedding.size(1), options.heads, keys.size(2), options.headSize, 0, options.epsilon};
  call.shape.inner = in[14].size(0);
  call.activation = options.activation;
  call.batch = ids.size(0), call.tokens = ids.size(1), call.columns = keys.size(3);
  call.ids = ids.data<int32_t>(), call.padding = padding.data<int32_t>(), call.row = row.data<int32_t>(), call.column = column.data<int32_t>();
  call.keys = keys.data<float>(), call.values = values.data<float>();
  call.cacheRows = keys.size(1);
  call.embedding = embedding.data<float>(), call.vectors = vectors.data<float>(), call.norm = norm.data<float>(), call.rope = rope.data<float>();
  std::vector<Bytes> weights;
  for (size_t i = 12; i < in.size(); i++) {
    call.matrices.push_back(in[i].data<Weight>());
    weights.push_back({in[i].data<char>(), in[i].size(0) * in[i].size(1) * long(sizeof(Weight))});
  }
  keepOnLargePages(weights);
  if (call.batch > 0 && call.column[0] == 0 && call.row[0] == 0)
    for (const Tensor* cache : {&keys, &values}) startOnLargePages({cache->data<char>(), call.shape.layers * call.cacheRows * call.shape.keyHeads * call.columns * call.shape.filledHead() * long(sizeof(float))});
  if (ranks.size(0) > 0) call.adapter = lowRanks(call.shape, ranks.data<int32_t>(), adapter.data<float>());
  call.all = options.all;

  for (const Tensor* each : {&padding, &row, &column})
    if (each->size(0) != call.batch) return fail(context, "WorkbenchForward: padding, row and column are one number for each of " + std::to_string(call.batch) + " rows");
  for (long b = 0; b < call.batch; b++) {
    const long end = call.column[b] + call.tokens;
    if (call.row[b] < 0 || call.row[b] >= call.cacheRows || call.column[b] < 0 || keys.size(4) != call.shape.filledHead() || end > call.columns || end > rope.size(0))
      return fail(context, "WorkbenchForward: row " + std::to_string(call.row[b]) + " up to column " + std::to_string(end) + " does not fit a cache of " +
                               std::to_string(call.cacheRows) + " rows and " + std::to_string(call.columns) + " columns");
  }
  if (vectors.size(1) != call.shape.vectors()) return fail(context, "WorkbenchForward: norms and biases do not fit the model");
  for (long i = 0; i < call.batch * call.tokens; i++)
    if (call.ids[i] < 0 || call.ids[i] >= embedding.size(0))
      return fail(context, "WorkbenchForward: token " + std::to_string(call.ids[i]) + " is not one of " + std::to_string(embedding.size(0)));
  const Tensor result = output(context, 0, TF_FLOAT, {call.batch * (call.all ? call.tokens : 1), call.shape.hidden});
  call.result = result.data<float>();
  runInParts(call);
}

} // namespace

void registerForward() {
  registerOp({"WorkbenchForward",
              {"T: {float, bfloat16}", "heads: int", "head_size: int", "activation: int", "epsilon: float", "all: int", "n: int >= 5"},
              {"ids: int32", "padding: int32", "row: int32", "column: int32", "keys: float", "values: float", "embedding: float", "vectors: float", "norm: float",
               "rope: float", "ranks: int32", "adapter: float", "matrices: n * T"},
              {"hidden: float"},
              true});
  registerKernel({"WorkbenchForward", {{"T", TF_FLOAT}}, compute<Float32>, readOptions, deleteOptions});
  inBfloat16([](auto precision) { registerKernel({"WorkbenchForward", {{"T", TF_BFLOAT16}}, compute<decltype(precision)>, readOptions, deleteOptions}); });
}
