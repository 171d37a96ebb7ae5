// WorkbenchForward: hidden states of new tokens, whose keys and values it writes into the cache that it is given. The plain form is
// trainers/models/llama/transformer.ts with the attention of trainers/inference/sampling.ts.
#include "forward.h"

#include <mutex>

#include "large-pages.h"
#include "ops.h"
#include "tensorflow.h"

namespace {

constexpr int kMatrices = 12; // inputs before them

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
    part.ids += first * call.tokens;
    part.pages += first * call.listed;
    part.column += first;
    part.result += first * (call.all ? call.tokens : 1) * call.shape.hidden;
    Forward<P>(Pool::instance(), *scratch, part).run();
  }
}

template <class P>
void compute(void* self, TF_OpKernelContext* context) {
  typedef typename P::Weight Weight;
  const Options& options = *static_cast<Options*>(self);
  std::vector<Tensor> in;
  for (int i = 0; i < kMatrices + options.matrices; i++) in.push_back(input(context, i));
  const Tensor &ids = in[0], &pages = in[1], &column = in[2], &keys = in[3], &values = in[4], &embedding = in[5];
  const Tensor &vectors = in[6], &norm = in[7], &rope = in[8], &ranks = in[9], &adapter = in[10], &scales = in[11];
  Call<P> call;
  call.shape = {keys.size(1), embedding.size(1), options.heads, keys.size(2), options.headSize, 0, options.epsilon};
  call.shape.inner = in[kMatrices + 2].size(0);
  call.activation = options.activation;
  call.batch = ids.size(0), call.tokens = ids.size(1), call.listed = pages.size(1);
  call.ids = ids.data<int32_t>(), call.pages = pages.data<int32_t>(), call.column = column.data<int32_t>();
  call.cache = {keys.data<float>(), values.data<float>(), keys.size(0)};
  call.embedding = embedding.data<float>(), call.vectors = vectors.data<float>(), call.norm = norm.data<float>(), call.rope = rope.data<float>();
  std::vector<Bytes> weights;
  constexpr bool inCodes = std::is_same<P, Int8>::value;
  const float* scale = scales.data<float>();
  for (size_t i = kMatrices; i < in.size(); i++) {
    call.matrices.push_back(in[i].data<Weight>());
    weights.push_back({in[i].data<char>(), in[i].count() * long(inCodes ? sizeof(int32_t) : sizeof(Weight))});
    if (!inCodes) continue;
    call.scales.push_back(scale);
    scale += in[i].count() * 4 / kGroup;
  }
  const long groups = scale - scales.data<float>();
  if (inCodes && groups != scales.size(0))
    return fail(context, "WorkbenchForward: " + std::to_string(scales.size(0)) + " scales for " + std::to_string(groups) + " groups");
  keepOnLargePages(weights);
  if (call.batch > 0 && call.column[0] <= 0 && call.pages[0] == 0)
    for (const Tensor* cache : {&keys, &values}) startOnLargePages({cache->data<char>(), call.cache.count * cache->size(1) * cache->size(2) * cache->size(3) * cache->size(4) * long(sizeof(float))});
  if (ranks.size(0) > 0) call.adapter = lowRanks(call.shape, ranks.data<int32_t>(), adapter.data<float>());
  call.all = options.all;

  if (pages.size(0) != call.batch || column.size(0) != call.batch)
    return fail(context, "WorkbenchForward: pages and columns are not of " + std::to_string(call.batch) + " rows");
  if (keys.size(3) != kPageTokens || keys.size(4) != call.shape.filledHead())
    return fail(context, "WorkbenchForward: a page has " + std::to_string(kPageTokens) + " tokens of " + std::to_string(call.shape.filledHead()) + " numbers a head");
  for (long b = 0; b < call.batch; b++) {
    const long end = call.column[b] + call.tokens;
    if (end < 1 || end > call.listed * kPageTokens || end > rope.size(0))
      return fail(context, "WorkbenchForward: tokens up to place " + std::to_string(end) + " do not fit " + std::to_string(call.listed) + " pages and " +
                               std::to_string(rope.size(0)) + " positions");
    for (long i = 0; i < call.listed; i++) {
      const long page = call.pages[b * call.listed + i];
      if (page < 0 || page >= call.cache.count)
        return fail(context, "WorkbenchForward: page " + std::to_string(page) + " is none of " + std::to_string(call.cache.count));
    }
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
              {"T: {float, bfloat16, int32}", "heads: int", "head_size: int", "activation: int", "epsilon: float", "all: int", "n: int >= 5"},
              {"ids: int32", "pages: int32", "column: int32", "keys: float", "values: float", "embedding: float", "vectors: float", "norm: float",
               "rope: float", "ranks: int32", "adapter: float", "scales: float", "matrices: n * T"},
              {"hidden: float"},
              true});
  registerKernel({"WorkbenchForward", {{"T", TF_FLOAT}}, compute<Float32>, readOptions, deleteOptions});
  registerKernel({"WorkbenchForward", {{"T", TF_INT32}}, compute<Int8>, readOptions, deleteOptions});
  inBfloat16([](auto precision) { registerKernel({"WorkbenchForward", {{"T", TF_BFLOAT16}}, compute<decltype(precision)>, readOptions, deleteOptions}); });
}
