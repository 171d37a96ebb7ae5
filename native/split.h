// Products of float32 numbers by the tiles, which multiply bfloat16: a number is the sum of two, a ≈ high + low to 16 bits, and
// a · b ≈ high(a) high(b) + low(a) high(b) + high(a) low(b). So each factor becomes three terms of a longer product.
#pragma once
#include "panels.h"

constexpr long kSplit = 3;

#ifdef HAS_TILES

/** Where the terms of 32 and then of 16 more places come from, of [high(16) | low(16)]: of a left factor h l h, of a right one h h l. */
struct SplitOrder {
  alignas(64) uint16_t place[64] = {};
  explicit SplitOrder(int low) {
    for (int i = 0; i < 48; i++) place[i] = uint16_t(i / 3 + (i % 3 == low ? 16 : 0));
  }
};

/** `count` numbers as terms of a left (low = 1) or right (low = 2) factor: kSplit each, one after the other. */
template <int low>
inline void split(const float* from, long count, uint16_t* to) {
  static const SplitOrder order(low);
  for (long k = 0; k < count; k += kLanes, to += kSplit * kLanes) {
    const __mmask16 there = count - k >= kLanes ? 0xffff : __mmask16((1 << (count - k)) - 1);
    const Vector all = _mm512_maskz_loadu_ps(there, from + k);
    const __m256i high = (__m256i)_mm512_cvtneps_pbh(all);
    const __m256i rest = (__m256i)_mm512_cvtneps_pbh(all - (Vector)_mm512_slli_epi32(_mm512_cvtepu16_epi32(high), 16));
    const __m512i both = _mm512_inserti64x4(_mm512_castsi256_si512(high), rest, 1);
    const uint64_t written = (uint64_t(1) << kSplit * std::min(kLanes, count - k)) - 1;
    _mm512_mask_storeu_epi16(to, __mmask32(written), _mm512_permutexvar_epi16(_mm512_load_si512(order.place), both));
    _mm512_mask_storeu_epi16(to + 32, __mmask32(written >> 32), _mm512_permutexvar_epi16(_mm512_load_si512(order.place + 32), both));
  }
}
#endif

/** Rows of float32 numbers that products in float32 read: with P's tiles, as terms. */
template <class P>
struct Lows {
  Matrix exact;
  uint16_t* terms; // [rows, stride]
  long stride;

  static Lows take(Scratch& scratch, long rows, long size) {
    const Matrix exact{scratch.take<float>((rows + 1) * size), size};
    if constexpr (!P::kTiles) return {exact, nullptr, 0};
    else return {exact, scratch.take<uint16_t>((rows + 1) * filled(kSplit * size)), filled(kSplit * size)};
  }
  /** What fills up a product's terms is multiplied with zeros, but must be a number. */
  void clear(long row) const {
    if constexpr (P::kTiles) std::fill(terms + row * stride, terms + (row + 1) * stride, uint16_t(0));
  }
  void write(long row, long column, long count, const float* values) const {
    memcpy(exact.row(row) + column, values, count * sizeof(float));
#ifdef HAS_TILES
    if constexpr (P::kTiles) split<1>(values, count, terms + row * stride + kSplit * column);
#endif
  }
};
