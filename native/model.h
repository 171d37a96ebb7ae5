// What the forward op is given: a Llama's sizes and weights, an adapter, and the cache that it writes into.
#pragma once
#include <cstdint>
#include <vector>

#include <cmath>

#include "exponential.h"
#include "scratch.h"

struct Shape {
  long layers, hidden, heads, keyHeads, headSize, inner;
  float epsilon;
  long queries() const { return heads * headSize; }
  long keys() const { return keyHeads * headSize; }
  long projected() const { return queries() + 2 * keys(); }
  /** Numbers of a layer beside its matrices: weights of its two norms, biases of q, k and v and of o. */
  long vectors() const { return 3 * hidden + projected(); }
  /** Of a key or value in the cache. */
  long filledHead() const { return filled(headSize); }
};

enum Linear { kQuery, kKey, kValue, kOutput, kGate, kUp, kDown, kLinears };

struct LowRank {
  long rank = 0; // 0: no update
  const float *a = nullptr, *b = nullptr;
};

/** The low-rank updates of all layers, which stand one after the other in one array: A [rank, in] and B [out, rank] of each linear layer. */
inline std::vector<LowRank> lowRanks(const Shape& s, const int32_t* ranks, const float* values) {
  const long in[] = {s.hidden, s.hidden, s.hidden, s.queries(), s.hidden, s.hidden, s.inner};
  const long out[] = {s.queries(), s.keys(), s.keys(), s.hidden, s.inner, s.inner, s.hidden};
  std::vector<LowRank> all;
  for (long i = 0; i < s.layers * kLinears; i++) {
    const long rank = ranks[i];
    all.push_back({rank, values, values + rank * in[i % kLinears]});
    values += rank * (in[i % kLinears] + out[i % kLinears]);
  }
  return all;
}

enum Activation { kSilu, kRelu, kGelu, kGeluTanh }; // the order of trainers/engine/activation-names.ts

/** 1 / √(mean(x²) + ε), by which RMSNorm multiplies a row. */
inline float inverseRms(const float* x, long size, float epsilon) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (long k = 0; k < size; k++) sum += x[k] * x[k];
  return 1 / std::sqrt(sum / size + epsilon);
}

/** RMSNorm of a row: x / √(mean(x²) + ε) · weight. */
inline void normRow(const float* x, const float* weight, long size, float epsilon, float* to) {
  const float inverse = inverseRms(x, size, epsilon);
#pragma omp simd
  for (long k = 0; k < size; k++) to[k] = x[k] * inverse * weight[k];
}

/** Turns a head by its position: dimensions i and i + D/2 together. table [2, D]: cosines and sines */
inline void turnHead(float* x, const float* table, long headSize) {
  const long half = headSize / 2;
  const float *cos = table, *sin = table + headSize;
#pragma omp simd
  for (long i = 0; i < half; i++) {
    const float first = x[i], second = x[i + half];
    x[i] = first * cos[i] - second * sin[i];
    x[i + half] = second * cos[i + half] + first * sin[i + half];
  }
}

/** act(gate) · up, in place of gate. */
ALWAYS_INLINE void activate(Activation activation, float* gate, const float* up, int count) {
  switch (activation) {
    case kSilu:
#pragma omp simd
      for (int i = 0; i < count; i++) gate[i] = gate[i] / (1 + exponential(-gate[i])) * up[i];
      break;
    case kRelu:
      for (int i = 0; i < count; i++) gate[i] = gate[i] < 0 ? 0 : gate[i] * up[i];
      break;
    case kGelu:
      for (int i = 0; i < count; i++) gate[i] = 0.5f * gate[i] * (1 + std::erf(gate[i] * float(M_SQRT1_2))) * up[i];
      break;
    case kGeluTanh: // (1 + tanh u) / 2 = 1 / (1 + e^−2u)
#pragma omp simd
      for (int i = 0; i < count; i++) {
        const float u = 0.7978845608f * (gate[i] + 0.044715f * gate[i] * gate[i] * gate[i]);
        gate[i] = gate[i] / (1 + exponential(-2 * u)) * up[i];
      }
      break;
  }
}

/** Tokens of a page of the cache: what attention reads at once divides it. */
constexpr long kPageTokens = 16;

/** Keys and values in pages of some tokens each (PagedAttention, Kwon et al. 2023): a row's tokens stand in pages of any numbers, which rows that begin
 *  alike have in common. */
struct Pages {
  float *keys, *values; // [pages, layers, keyHeads, kPageTokens, filledHead]
  long count;
};

/** B rows of T new tokens each, which stand at places column[b] … column[b] + T − 1 of their row; those before place 0 only fill up, and are nowhere. Place i
 *  of row b is in page pages[b][i / kPageTokens]. */
template <class P>
struct Call {
  Shape shape;
  Activation activation;
  long batch, tokens, listed; // listed: pages of a row
  const int32_t *ids, *pages, *column; // [B, T], [B, listed], [B]
  Pages cache;
  const float* embedding; // [V, hidden]
  const float* vectors; // [layers, Shape::vectors()]
  const float* norm; // [hidden], the last one
  const float* rope; // [positions, 2, headSize]: cosines and sines
  std::vector<LowRank> adapter; // of each layer's linear ones, or empty
  std::vector<const typename P::Weight*> matrices; // of each layer q k v, o, gate, up, down
  std::vector<const float*> scales; // of their rows' groups, in 8 bits; else empty
  bool all; // hidden states of all tokens, or of each row's last
  float* result; // [B · T or B, hidden]
};
