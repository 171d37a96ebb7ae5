// What products of sampling read: rows of numbers by columns, kLanes rows side by side, and the same in the precision of a product.
#pragma once
#include <algorithm>
#include <type_traits>

#include "panels.h"

/** Rows of numbers by columns, in blocks of kLanes rows: [blocks][size][kLanes]. */
struct Columns {
  float* values;
  long size;

  static Columns take(Scratch& scratch, long blocks, long size) { return {scratch.take<float>(blocks * size * kLanes), size}; }
  float* at(long block, long column) const { return values + (block * size + column) * kLanes; }

  /** Columns begin … end of a block from rows: lane i is rowOf(i), or 0 where that is null. */
  template <class RowOf>
  void fill(long block, long begin, long end, RowOf&& rowOf) const {
    for (long k = begin; k < end; k += kLanes) {
      const long count = std::min(kLanes, end - k);
      Vector square[kLanes];
#pragma GCC unroll 16
      for (long i = 0; i < kLanes; i++) {
        const float* row = rowOf(i);
        square[i] = row ? loadSome(row + k, count) : zero();
      }
      transpose(square);
      for (long i = 0; i < count; i++) store(at(block, k + i), square[i]);
    }
  }
  /** Columns begin … end of a block to rows: lane i to rowOf(i), which begins at column `begin`, unless that is null. */
  template <class RowOf>
  void copyTo(long block, long begin, long end, RowOf&& rowOf) const {
    for (long k = begin; k < end; k += kLanes) turn(at(block, k), kLanes, std::min(kLanes, end - k), [&](long i) { return rowOf(i) ? rowOf(i) + (k - begin) : nullptr; });
  }
  /** The same of at most kLanes columns, `stride` apart. */
  template <class RowOf>
  static void turn(const float* columns, long stride, long count, RowOf&& rowOf) {
    Vector square[kLanes];
#pragma GCC unroll 16
    for (long i = 0; i < kLanes; i++) square[i] = i < count ? load(columns + i * stride) : zero();
    transpose(square);
    for (long i = 0; i < kLanes; i++)
      if (float* row = rowOf(i)) storeSome(row, square[i], count);
  }

 private:
  ALWAYS_INLINE Vector loadSome(const float* from, long count) {
    if (count == kLanes) return load(from);
    float there[kLanes] = {};
    memcpy(there, from, count * sizeof(float));
    return load(there);
  }
  ALWAYS_INLINE void storeSome(float* to, Vector vector, long count) {
    if (count == kLanes) return store(to, vector);
    float there[kLanes];
    store(there, vector);
    memcpy(to, there, count * sizeof(float));
  }
};

/** Columns that a product in precision P reads: as they are, for low-rank updates, and rounded, which may be the same array. */
template <class P>
struct Factor {
  typedef typename P::Input Number;
  Columns exact;
  Number* rounded; // [blocks][words][kLanes][kPair]
  long words;

  static Factor take(Scratch& scratch, long blocks, long size) {
    const Columns exact = Columns::take(scratch, blocks, size);
    if constexpr (std::is_same<P, Float32>::value) return {exact, exact.values, size};
    const long words = filled(size, kDepth<P>) / P::kPair, written = (size + P::kPair - 1) / P::kPair, word = P::kPair * kLanes;
    Number* rounded = scratch.take<Number>(blocks * words * word);
    for (long block = 0; block < blocks; block++) std::fill(rounded + (block * words + written) * word, rounded + (block + 1) * words * word, Number(0));
    return {exact, rounded, words};
  }
  const Number* block(long block) const { return rounded + block * words * P::kPair * kLanes; }
  /** To be called when columns begin … end of a block have been written; `begin` is the first of a pair. */
  void finish(long block, long begin, long end) const {
    if constexpr (std::is_same<P, Float32>::value) return;
    for (long k = begin; k < end; k += P::kPair) {
      Vector pair[P::kPair];
      for (long i = 0; i < P::kPair; i++) pair[i] = k + i < exact.size ? P::wide(exact.at(block, k + i)) : zero();
      store(reinterpret_cast<float*>(rounded + (block * words * P::kPair + k) * kLanes), P::together(pair));
    }
  }
};
inline Factor<Float32> exactly(const Columns& columns) { return {columns, columns.values, columns.size}; }
