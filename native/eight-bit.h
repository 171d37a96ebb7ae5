// Weights in 8 bits a number (trainers/engine/int8/codes.ts): a code of W stands for (code − 128) times the scale of its kGroup neighbours in a row. x
// is rounded to 8 bits likewise, by the greatest of as many neighbours, so that the products of a group are whole numbers and their sum is exact; the sums are
// scaled and added up in float32. VNNI does four products at once; without it they are done in float32, to the same sums.
#pragma once
#include "factors.h"

constexpr long kGroup = 64;

struct Int8 {
  typedef uint8_t Weight;
  static constexpr bool kTiles = false;
#if defined(__AVX512VNNI__)
  typedef uint8_t Input; // of x: an int8_t's bits
  static constexpr long kPair = 4;
  ALWAYS_INLINE Vector addWords(Vector sum, Vector codes, Vector x) { return (Vector)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)codes, (__m512i)x); }
  ALWAYS_INLINE Vector number(Vector sum) { return _mm512_cvtepi32_ps((__m512i)sum); }
  ALWAYS_INLINE void convert(const uint8_t* from, long count, Input* to) { memcpy(to, from, count); }
#else
  typedef float Input;
  static constexpr long kPair = 1;
  ALWAYS_INLINE Vector addWords(Vector sum, Vector w, Vector x) { return multiplyAdd(sum, w, x); }
  ALWAYS_INLINE Vector number(Vector sum) { return sum; }
  ALWAYS_INLINE void convert(const uint8_t* from, long count, Input* to) {
    for (long k = 0; k < count; k++) to[k] = float(from[k]) - 128;
  }
#endif
};

/** Numbers of a row of W as it is held. */
template <class P>
constexpr long heldSize(long in) {
  return std::is_same<P, Int8>::value ? filled(in, kGroup) : in;
}

template <>
struct Factor<Int8> {
  typedef Int8::Input Number;
  Columns exact;
  Number* rounded; // [blocks][words][kLanes][kPair]
  long words, groups;
  float* scales; // [blocks][groups][kLanes]: what a rounded number is multiplied with
  float* begins; // the same: where a group's sums begin, in the form of `addWords`

  static Factor take(Scratch& scratch, long blocks, long size) {
    const long groups = filled(size, kGroup) / kGroup, sums = blocks * groups * kLanes;
    return {Columns::take(scratch, blocks, size), scratch.take<Number>(sums * kGroup), groups * kGroup / Int8::kPair, groups, scratch.take<float>(sums), scratch.take<float>(sums)};
  }
  const Number* block(long block) const { return rounded + block * groups * kGroup * kLanes; }
  long at(long block, long group) const { return (block * groups + group) * kLanes; }

  /** To be called when columns begin … end of a block have been written, whole groups of them. */
  void finish(long block, long begin, long end) const {
    for (long k = begin; k < end; k += kGroup) round(block, k / kGroup);
  }

 private:
  void round(long block, long group) const {
    const long first = group * kGroup, count = std::min(kGroup, exact.size - first);
    Vector greatest = repeat(1e-30f), strange = zero(); // where a number is infinite or none, neither is a sum
    for (long k = first; k < first + count; k++) {
      const Vector x = load(exact.at(block, k));
      greatest = greater(greatest, absolute(x));
      strange = strange + (x - x);
    }
    store(scales + at(block, group), greatest / repeat(127) + strange);
    const Vector inverse = repeat(127) / greatest;
    Number* to = rounded + (block * groups + group) * kGroup * kLanes;
#if defined(__AVX512VNNI__)
    __m512i sum = _mm512_setzero_si512();
    for (long k = 0; k < kGroup; k += 4) {
      __m512i word = _mm512_setzero_si512();
      for (long i = 0; i < 4 && k + i < count; i++) {
        const __m512i number = _mm512_cvtps_epi32(load(exact.at(block, first + k + i)) * inverse);
        sum = _mm512_add_epi32(sum, number);
        word = _mm512_or_si512(word, _mm512_sll_epi32(_mm512_and_si512(number, _mm512_set1_epi32(255)), _mm_cvtsi32_si128(int(8 * i))));
      }
      _mm512_storeu_si512(to + k * kLanes, word);
    }
    store(begins + at(block, group), (Vector)_mm512_sub_epi32(_mm512_setzero_si512(), _mm512_slli_epi32(sum, 7))); // codes are 128 greater than what they stand for
#else
    for (long k = 0; k < kGroup; k++) store(to + k * kLanes, k < count ? nearest(load(exact.at(block, first + k)) * inverse) : zero());
    store(begins + at(block, group), zero());
#endif
  }
};

/** sums[r][z] += Σ_k W[r][k] · x[block + z][k] over all groups, of `count` rows, whose scales are [count][groups]. `next`: bytes that are read next, R · kPair a word. */
template <int R, int Z>
ALWAYS_INLINE void addGroups(Vector (&sums)[R][Z], const Factor<Int8>& x, long block, const Int8::Input* w, long pitch, const float* scales, long count, const char* next) {
  constexpr long kWords = kGroup / Int8::kPair, kWord = Int8::kPair * sizeof(Int8::Input);
  const char* rows = reinterpret_cast<const char*>(w);
  if (next == nullptr) next = rows;
  for (long group = 0; group < x.groups; group++) {
    Vector parts[R][Z];
    const char* columns[Z];
#pragma GCC unroll 4
    for (int z = 0; z < Z; z++) {
      const Vector begin = load(x.begins + x.at(block + z, group));
#pragma GCC unroll 16
      for (int r = 0; r < R; r++) parts[r][z] = begin;
      columns[z] = reinterpret_cast<const char*>(x.block(block + z)) + group * kWords * kLanes * kWord;
    }
    for (long j = 0; j < kWords; j++) {
      const long word = group * kWords + j;
      _mm_prefetch(next + word * R * Int8::kPair, _MM_HINT_T1);
      Vector vectors[Z];
#pragma GCC unroll 4
      for (int z = 0; z < Z; z++) vectors[z] = loadWords(columns[z] + j * kLanes * kWord);
#pragma GCC unroll 16
      for (int r = 0; r < R; r++) {
        const Vector repeated = repeatWord(rows + r * pitch * long(sizeof(Int8::Input)) + word * kWord);
#pragma GCC unroll 4
        for (int z = 0; z < Z; z++) parts[r][z] = Int8::addWords(parts[r][z], repeated, vectors[z]);
      }
    }
    Vector columnScales[Z];
#pragma GCC unroll 4
    for (int z = 0; z < Z; z++) columnScales[z] = load(x.scales + x.at(block + z, group));
#pragma GCC unroll 16
    for (int r = 0; r < R; r++) {
      const Vector scale = repeat(scales[std::min<long>(r, count - 1) * x.groups + group]);
#pragma GCC unroll 4
      for (int z = 0; z < Z; z++) sums[r][z] = multiplyAdd(sums[r][z], Int8::number(parts[r][z]), scale * columnScales[z]);
    }
  }
}
