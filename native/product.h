// x Wᵀ with W [out, in] as TensorFlow holds it: both sides are read along `in`, a tile of R rows of x by Z rows of W at a time, each of
// whose sums stands in a register of its own until its lanes are added up. A low-rank update goes on adding to the same registers.
#pragma once
#include <algorithm>
#include <type_traits>

#include "pool.h"
#include "precision.h"
#include "scratch.h"

#if defined(__AVX512F__)
constexpr int kRows = 8, kColumns = 3; // 24 of 32 registers hold sums
#else
constexpr int kRows = 4, kColumns = 2; // 8 of 16
#endif
constexpr int kTile = kRows * kColumns;

/** Adds x · w over `in` numbers to a tile's sums [Z][R]. Rows of x are `stride` apart; w holds where each row of W begins. The rows of the
 *  next tile may be fetched meanwhile: where few rows of x are multiplied, W comes from memory, and the processor would not see it coming. */
template <class P, int R, int Z, bool Ahead = false>
ALWAYS_INLINE void accumulate(Vector* sums, long in, const typename P::Input* x, long stride, const typename P::Weight* const* w) {
  auto step = [&](long k, const typename P::Weight* const* from, long at) __attribute__((always_inline)) {
    typename P::Operand b[Z];
#pragma GCC unroll 8
    for (int z = 0; z < Z; z++) {
      b[z] = P::loadWeight(from[z] + at);
      if (Ahead) _mm_prefetch((const char*)(from[z] + at + Z * in), _MM_HINT_T0);
    }
#pragma GCC unroll 8
    for (int r = 0; r < R; r++) {
      const typename P::Operand a = P::loadInput(x + r * stride + k);
#pragma GCC unroll 8
      for (int z = 0; z < Z; z++) sums[z * R + r] = P::add(sums[z * R + r], a, b[z]);
    }
  };
  long k = 0;
  for (; k + P::kStep <= in; k += P::kStep) step(k, w, k);
  if (k == in) return;
  typename P::Weight rest[Z][P::kStep] = {}; // W itself may end here
  const typename P::Weight* from[Z];
  for (int z = 0; z < Z; z++) {
    memcpy(rest[z], w[z] + k, (in - k) * sizeof rest[z][0]);
    from[z] = rest[z];
  }
  step(k, from, 0);
}

/** low Bᵀ, which is added to a product: low = x Aᵀ [rows, rank] and B [out, rank]. A rank of 0 is none. */
struct Update {
  Matrix low;
  long rank = 0;
  const float* b = nullptr;
};

/** x [rows, in], its rows `stride` apart, and W [out, in]. */
template <class P>
struct Factors {
  const typename P::Input* x;
  long stride, in;
  const typename P::Weight* w;
};

/** Rows row … row + kRows of x by rows column … of W, of which `out` is the first that does not count; `ahead` where these come from memory. → result [kColumns][kRows] */
template <class P>
ALWAYS_INLINE void tile(const Factors<P>& f, long row, bool ahead, long column, long out, const Update& update, long first, float* result) {
  Vector sums[kTile];
#pragma GCC unroll 32
  for (int i = 0; i < kTile; i++) sums[i] = zero();
  const typename P::Weight* w[kColumns];
  for (int z = 0; z < kColumns; z++) w[z] = f.w + std::min(column + z, out - 1) * f.in;
  if (ahead) accumulate<P, kRows, kColumns, true>(sums, f.in, f.x + row * f.stride, f.stride, w);
  else accumulate<P, kRows, kColumns>(sums, f.in, f.x + row * f.stride, f.stride, w);
  if (update.rank) {
    const float* b[kColumns];
    for (int z = 0; z < kColumns; z++) b[z] = update.b + (std::min(column + z, out - 1) - first) * update.rank;
    accumulate<Float32, kRows, kColumns>(sums, update.rank, update.low.row(row), update.low.stride, b);
  }
#pragma GCC unroll 4
  for (int i = 0; i < kTile; i += 8) _mm256_storeu_ps(result + i, sumsOfEight(sums + i));
}

/** Outputs first … end of a product, which have an update of their own. */
struct Part {
  long first, end;
  Update update;
};

constexpr long kGroup = 8 * kColumns; // outputs whose weights stay in the caches while several blocks of rows pass
constexpr long kChunk = 32; // blocks of rows that one thread takes at once

/** Calls `use(part, row, ahead, column, end)` for groups of outputs of each part and blocks of kRows rows, shared among the threads. */
template <class Use>
void overGroups(Pool& pool, int& phase, long rows, const std::vector<Part>& parts, Use&& use) {
  const long blocks = rows / kRows, chunks = (blocks + kChunk - 1) / kChunk;
  long groups = 0;
  for (const Part& part : parts) groups += (part.end - part.first + kGroup - 1) / kGroup;
  pool.share(phase, groups * chunks, [&](long item) {
    long group = item / chunks;
    const long begin = item % chunks * kChunk;
    const Part* part = parts.data();
    for (long count; group >= (count = (part->end - part->first + kGroup - 1) / kGroup); part++) group -= count;
    const long column = part->first + group * kGroup, end = std::min(part->end, column + kGroup);
    for (long block = begin; block < std::min(blocks, begin + kChunk); block++) use(*part, block * kRows, block == begin, column, end);
  });
}

/** The product of all rows; `use(row, column, value)` is called for every output. Rows: a multiple of kRows. */
template <class P, class Use>
void product(Pool& pool, int& phase, long rows, const Factors<P>& factors, const std::vector<Part>& parts, Use&& use) {
  overGroups(pool, phase, rows, parts, [&](const Part& part, long row, bool ahead, long column, long end) {
    for (; column < end; column += kColumns) {
      alignas(32) float result[kTile];
      tile<P>(factors, row, ahead, column, part.end, part.update, part.first, result);
      for (int z = 0; z < kColumns && column + z < end; z++)
        for (int r = 0; r < kRows; r++) use(row + r, column + z, result[z * kRows + r]);
    }
  });
}

/** Rows that products read: as they are, for low-rank updates, and rounded to the weights' precision, which may be the same array. */
template <class P>
struct Rows {
  Matrix exact;
  typename P::Input* rounded;

  static Rows take(Scratch& scratch, long rows, long size) {
    const long stride = filled(size);
    float* exact = scratch.take<float>(rows * stride);
    clear(exact, rows, size, stride);
    if constexpr (std::is_same<P, Float32>::value) return {{exact, stride}, exact};
    else return {{exact, stride}, takeRounded(scratch, rows, size, stride)};
  }
  static typename P::Input* takeRounded(Scratch& scratch, long rows, long size, long stride) {
    typename P::Input* rounded = scratch.take<typename P::Input>(rows * stride);
    clear(rounded, rows, size, stride);
    return rounded;
  }
  /** What fills up the rows is multiplied with zeros, but must be a number: another model may have left anything there. */
  template <class Number>
  static void clear(Number* values, long rows, long size, long stride) {
    if (size < stride)
      for (long n = 0; n < rows; n++) std::fill(values + n * stride + size, values + (n + 1) * stride, Number(0));
  }
  /** To be called when columns begin … end of a row have been written. */
  void finish(long row, long begin, long end) const {
    if constexpr (!std::is_same<P, Float32>::value) P::round(exact.row(row) + begin, end - begin, rounded + row * exact.stride + begin);
  }
  Factors<P> times(const typename P::Weight* w, long in) const { return {rounded, exact.stride, in, w}; }
};
