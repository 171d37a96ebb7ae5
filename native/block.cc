// WorkbenchBlock and WorkbenchBlockGradient: a Llama's block over packed rows, and its gradients.
#include <climits>
#include <mutex>

#include "block-backward.h"
#include "block-forward.h"
#include "ops.h"
#include "tensorflow.h"

namespace {

struct Options {
  long heads, keyHeads, headSize;
  Activation activation;
  float epsilon;
};

void* readOptions(TF_OpKernelConstruction* c) {
  return new Options{long(intAttribute(c, "heads")), long(intAttribute(c, "key_heads")), long(intAttribute(c, "head_size")),
                     Activation(intAttribute(c, "activation")), floatAttribute(c, "epsilon")};
}
void deleteOptions(void* options) { delete static_cast<Options*>(options); }

/** Inputs that both ops begin with: x, lengths, rope, vectors, ranks, updates, and the five matrices. */
constexpr int kGiven = 11;

/** False where they do not fit, which has been said. */
template <class P>
bool readCall(TF_OpKernelContext* context, const Options& options, const std::vector<Tensor>& in, BlockCall<P>& call) {
  const Tensor &x = in[0], &lengths = in[1], &rope = in[2], &vectors = in[3], &ranks = in[4], &updates = in[5];
  call.shape = {1, x.size(1), options.heads, options.keyHeads, options.headSize, in[8].size(0), options.epsilon};
  call.activation = options.activation;
  call.tokens = x.size(0);
  call.rows = rowsOf(lengths.data<int32_t>(), lengths.size(0), lengths.size(1));
  call.x = x.data<float>(), call.rope = rope.data<float>(), call.vectors = vectors.data<float>();
  const std::vector<LowRank> all = lowRanks(call.shape, ranks.data<int32_t>(), updates.data<float>());
  std::copy(all.begin(), all.end(), call.updates);
  for (int i = 0; i < 5; i++) call.matrices[i] = in[6 + i].data<typename P::Weight>();
  const long counted = call.rows.empty() ? 0 : call.rows.back().first + call.rows.back().count;
  if (counted == call.tokens && rope.size(0) == call.tokens && vectors.size(0) == call.shape.vectors()) return true;
  fail(context, "WorkbenchBlock: rows of " + std::to_string(counted) + " tokens, " + std::to_string(call.tokens) + " states, " + std::to_string(rope.size(0)) + " positions, " +
                    std::to_string(vectors.size(0)) + " of " + std::to_string(call.shape.vectors()) + " norms and biases");
  return false;
}

/** Some rows of a call, from token `first` on, with the state that their passes share. */
template <class P>
struct Part {
  BlockCall<P> call;
  BlockState state;
  long first;
};

/** With tiles the caches' misses take most of the time: rows whose arrays stay there go through both passes together, about as many tokens as this. */
template <class P>
constexpr long kTogether = P::kTiles ? 384 : LONG_MAX;

/** `lengths` [rows, segments] */
template <class P>
std::vector<Part<P>> partsOf(const BlockCall<P>& call, const BlockState& state, const int32_t* lengths, long segments, long lowWidth) {
  std::vector<Part<P>> parts;
  const Shape& s = call.shape;
  const long rows = call.rows.size();
  for (long row = 0, end = 0; row < rows || parts.empty(); row = end) {
    long tokens = 0;
    for (; end < rows && (end == row || tokens + call.rows[end].count <= kTogether<P>); end++) tokens += call.rows[end].count;
    const long first = row < rows ? call.rows[row].first : 0;
    Part<P> part{call, state, first};
    part.call.rows = rowsOf(lengths + row * segments, end - row, segments);
    part.call.tokens = tokens;
    part.call.x += first * s.hidden, part.call.rope += first * 2 * s.headSize;
    BlockState& own = part.state;
    own.projected += first * s.projected(), own.logSums += first * s.heads, own.mixed += first * s.queries(), own.middle += first * s.hidden;
    own.gate += first * s.inner, own.up += first * s.inner, own.lows += first * lowWidth;
    parts.push_back(part);
  }
  return parts;
}

/** One call at a time works in it. */
struct Workshop {
  std::mutex busy;
  Scratch scratch;
  std::vector<float> updates; // gradients of one part
};
Workshop& workshop() {
  static Workshop* one = new Workshop();
  return *one;
}

std::vector<Tensor> inputs(TF_OpKernelContext* context, int count) {
  std::vector<Tensor> all;
  for (int i = 0; i < count; i++) all.push_back(input(context, i));
  return all;
}

template <class P>
void forward(void* self, TF_OpKernelContext* context) {
  const std::vector<Tensor> in = inputs(context, kGiven);
  BlockCall<P> call;
  if (!readCall(context, *static_cast<Options*>(self), in, call)) return;
  const Shape& s = call.shape;
  long ranks = 0;
  for (const LowRank& update : call.updates) ranks += update.rank;
  const long N = call.tokens;
  const long widths[] = {s.hidden, s.projected(), s.heads, s.queries(), s.hidden, s.inner, s.inner, BlockBase<P>::widthOfLows(ranks)};
  std::vector<Tensor> out;
  for (int i = 0; i < 8; i++) out.push_back(output(context, i, TF_FLOAT, {N, widths[i]}));
  auto data = [&](int i) { return out[i].template data<float>(); };
  const BlockState state{data(1), data(2), data(3), data(4), data(5), data(6), data(7)};
  Workshop& shop = workshop();
  std::lock_guard<std::mutex> lock(shop.busy);
  for (const Part<P>& part : partsOf(call, state, in[1].data<int32_t>(), in[1].size(1), widths[7]))
    BlockForward<P>(Pool::instance(), shop.scratch, part.call, part.state, data(0) + part.first * s.hidden).run();
}

template <class P>
void backward(void* self, TF_OpKernelContext* context) {
  const std::vector<Tensor> in = inputs(context, kGiven + 8);
  BlockCall<P> call;
  if (!readCall(context, *static_cast<Options*>(self), in, call)) return;
  auto data = [&](int i) { return in[kGiven + i].template data<float>(); };
  const BlockState state{data(1), data(2), data(3), data(4), data(5), data(6), data(7)};
  const Tensor dx = output(context, 0, TF_FLOAT, {call.tokens, call.shape.hidden}), updates = output(context, 1, TF_FLOAT, {in[5].size(0)});
  Workshop& shop = workshop();
  std::lock_guard<std::mutex> lock(shop.busy);
  long ranks = 0;
  for (const LowRank& update : call.updates) ranks += update.rank;
  float* sum = updates.data<float>();
  const long hidden = call.shape.hidden, count = updates.size(0);
  shop.updates.resize(count);
  bool another = false;
  for (const Part<P>& part : partsOf(call, state, in[1].data<int32_t>(), in[1].size(1), BlockBase<P>::widthOfLows(ranks))) {
    float* own = another ? shop.updates.data() : sum;
    BlockBackward<P>(Pool::instance(), shop.scratch, part.call, part.state, data(0) + part.first * hidden, dx.data<float>() + part.first * hidden, own).run();
    for (long i = 0; another && i < count; i++) sum[i] += own[i];
    another = true;
  }
}

template <class P>
void registerFor(TF_DataType type) {
  registerKernel({"WorkbenchBlock", {{"T", type}}, forward<P>, readOptions, deleteOptions});
  registerKernel({"WorkbenchBlockGradient", {{"T", type}}, backward<P>, readOptions, deleteOptions});
}

} // namespace

void registerBlock() {
  const std::vector<const char*> attributes = {"T: {float, bfloat16}", "heads: int", "key_heads: int", "head_size: int", "activation: int", "epsilon: float"};
  std::vector<const char*> given = {"x: float", "lengths: int32", "rope: float", "vectors: float", "ranks: int32", "updates: float", "qkv: T", "o: T", "gate_proj: T", "up_proj: T", "down_proj: T"};
  const std::vector<const char*> state = {"projected: float", "log_sums: float", "mixed: float", "middle: float", "gate: float", "up: float", "lows: float"};
  std::vector<const char*> made = {"y: float"};
  made.insert(made.end(), state.begin(), state.end());
  registerOp({"WorkbenchBlock", attributes, given, made});
  given.push_back("dy: float");
  given.insert(given.end(), state.begin(), state.end());
  registerOp({"WorkbenchBlockGradient", attributes, given, {"dx: float", "d_updates: float"}});
  registerFor<Float32>(TF_FLOAT);
  inBfloat16([](auto precision) { registerFor<decltype(precision)>(TF_BFLOAT16); });
}
