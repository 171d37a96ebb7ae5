// WorkbenchDraw: a token a row by inverting the cumulative distribution at a uniform number, and its log-probability, in one pass over the
// scores. The plain form is trainers/inference/draw.ts.
#include <algorithm>
#include <cmath>

#include "exponential.h"
#include "ops.h"
#include "pool.h"
#include "tensorflow.h"

namespace {

constexpr long kBlock = 256; // tokens whose probabilities are summed before the token itself is sought

struct Drawn {
  int32_t token;
  float logProb;
};

/** The first token at which the running sum of e^((x − top) / t) passes `target`; `sums` are those of the blocks. */
int32_t invert(const float* scores, long vocabulary, const std::vector<double>& sums, double target, float top, float temperature) {
  double before = 0;
  size_t block = 0;
  while (block + 1 < sums.size() && before + sums[block] <= target) before += sums[block++];
  while (block > 0 && sums[block] == 0) block--;
  int32_t last = block * kBlock; // possible token: rounding must not step past it
  const long end = std::min(vocabulary, long(block + 1) * kBlock);
  for (long token = block * kBlock; token < end; token++) {
    const float p = exponential((scores[token] - top) / temperature);
    if (p > 0) last = token;
    before += p;
    if (before > target) break;
  }
  return last;
}

Drawn draw(const float* scores, long vocabulary, float uniform, float temperature, bool greedy) {
  float top = -INFINITY;
#pragma omp simd reduction(max : top)
  for (long i = 0; i < vocabulary; i++) top = top > scores[i] ? top : scores[i];
  std::vector<double> sums((vocabulary + kBlock - 1) / kBlock);
  double total = 0;
  for (size_t block = 0; block < sums.size(); block++) {
    const long begin = block * kBlock, end = std::min(vocabulary, begin + kBlock);
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (long i = begin; i < end; i++) sum += exponential((scores[i] - top) / temperature);
    sums[block] = sum;
    total += sum;
  }
  int32_t token = 0;
  if (!greedy) token = invert(scores, vocabulary, sums, uniform * total, top, temperature);
  else
    while (token < vocabulary - 1 && scores[token] != top) token++; // scores that are no numbers end at the last
  return {token, (scores[token] - top) / temperature - float(std::log(total))};
}

void compute(void* greedy, TF_OpKernelContext* context) {
  const Tensor scores = input(context, 0), uniforms = input(context, 1), temperature = input(context, 2);
  const long rows = scores.size(0), vocabulary = scores.size(1);
  const Tensor tokens = output(context, 0, TF_INT32, {rows}), logProbs = output(context, 1, TF_FLOAT, {rows});
  Pool& pool = Pool::instance();
  pool.run([&](int) {
    int phase = 0;
    pool.share(phase, rows, [&](long row) {
      const Drawn drawn = draw(scores.data<float>() + row * vocabulary, vocabulary, uniforms.data<float>()[row], *temperature.data<float>(), greedy != nullptr);
      tokens.data<int32_t>()[row] = drawn.token;
      logProbs.data<float>()[row] = drawn.logProb;
    });
  });
}

} // namespace

void registerDraw() {
  registerOp({"WorkbenchDraw", {"greedy: int"}, {"scores: float", "uniforms: float", "temperature: float"}, {"tokens: int32", "log_probs: float"}});
  // The kernel's object is null or not: nothing has to be freed.
  registerKernel({"WorkbenchDraw", {}, compute, [](TF_OpKernelConstruction* construction) -> void* {
                    static char yes;
                    return intAttribute(construction, "greedy") ? &yes : nullptr;
                  }});
}
