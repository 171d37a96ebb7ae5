// WorkbenchAttention and its gradient: attention whose memory does not grow with the product of queries and keys. The plain form is in
// trainers/engine/attention.ts.
#include <mutex>

#include "blocked-backward.h"
#include "blocked-forward.h"
#include "ops.h"
#include "tensorflow.h"

namespace {

struct Options {
  long window, queryBlock, keyBlock;
  float softCap;
};

void* readOptions(TF_OpKernelConstruction* construction) {
  auto number = [&](const char* name) { return intAttribute(construction, name); };
  return new Options{number("window"), number("query_block"), number("key_block"), floatAttribute(construction, "soft_cap")};
}
void deleteOptions(void* options) { delete static_cast<Options*>(options); }

AttentionCall callOf(const Options& o, const std::vector<Tensor>& in) {
  const Tensor &q = in[0], &k = in[1], &v = in[2], &queries = in[3], &keys = in[4];
  AttentionCall call;
  call.rows = q.size(0), call.heads = q.size(1), call.queries = q.size(2), call.size = q.size(3);
  call.keyHeads = k.size(1), call.keys = k.size(2), call.valueSize = v.size(3);
  call.q = q.data<float>(), call.k = k.data<float>(), call.v = v.data<float>();
  call.queryPlaces = queries.data<int32_t>(), call.keyPlaces = keys.data<int32_t>();
  call.queryPitch = queries.size(0) > 1 ? call.queries : 0, call.keyPitch = keys.size(0) > 1 ? call.keys : 0;
  call.window = o.window, call.softCap = o.softCap, call.queryBlock = o.queryBlock, call.keyBlock = o.keyBlock;
  return call;
}

std::vector<Tensor> inputs(TF_OpKernelContext* context, int count) {
  std::vector<Tensor> all;
  for (int i = 0; i < count; i++) all.push_back(input(context, i));
  return all;
}

/** One call at a time works in it. */
struct Workshop {
  std::mutex busy;
  Scratch scratch;
};
Workshop& workshop() {
  static Workshop* one = new Workshop();
  return *one;
}

void forward(void* self, TF_OpKernelContext* context) {
  const std::vector<Tensor> in = inputs(context, 5);
  const AttentionCall call = callOf(*static_cast<Options*>(self), in);
  const Tensor y = output(context, 0, TF_FLOAT, {call.rows, call.heads, call.queries, call.valueSize});
  const Tensor logSums = output(context, 1, TF_FLOAT, {call.rows, call.heads, call.queries});
  std::lock_guard<std::mutex> lock(workshop().busy);
  BlockedForward(Pool::instance(), workshop().scratch, call, y.data<float>(), logSums.data<float>()).run();
}

void backward(void* self, TF_OpKernelContext* context) {
  const std::vector<Tensor> in = inputs(context, 8);
  const AttentionCall call = callOf(*static_cast<Options*>(self), in);
  const Tensor dq = output(context, 0, TF_FLOAT, {call.rows, call.heads, call.queries, call.size});
  const Tensor dk = output(context, 1, TF_FLOAT, {call.rows, call.keyHeads, call.keys, call.size});
  const Tensor dv = output(context, 2, TF_FLOAT, {call.rows, call.keyHeads, call.keys, call.valueSize});
  const AttentionGradient gradient{in[5].data<float>(), in[6].data<float>(), in[7].data<float>(), dq.data<float>(), dk.data<float>(), dv.data<float>()};
  std::lock_guard<std::mutex> lock(workshop().busy);
  BlockedBackward(Pool::instance(), workshop().scratch, call, gradient).run();
}

} // namespace

void registerAttention() {
  const std::vector<const char*> attributes = {"window: int", "query_block: int", "key_block: int", "soft_cap: float"};
  std::vector<const char*> given = {"q: float", "k: float", "v: float", "query_places: int32", "key_places: int32"};
  registerOp({"WorkbenchAttention", attributes, given, {"y: float", "log_sums: float"}});
  given.insert(given.end(), {"dy: float", "y: float", "log_sums: float"});
  registerOp({"WorkbenchAttentionGradient", attributes, given, {"dq: float", "dk: float", "dv: float"}});
  registerKernel({"WorkbenchAttention", {}, forward, readOptions, deleteOptions});
  registerKernel({"WorkbenchAttentionGradient", {}, backward, readOptions, deleteOptions});
}
