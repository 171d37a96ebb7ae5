// The two forms in which a frozen matrix is held, and how its rows are multiplied with rows of x.
#pragma once
#include "tiles.h"

ALWAYS_INLINE uint16_t toBfloat16(float value) { // to the nearest, ties to even
  uint32_t bits;
  memcpy(&bits, &value, 4);
  if ((bits & 0x7fffffff) > 0x7f800000) return uint16_t(bits >> 16 | 64); // a NaN stays one
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
ALWAYS_INLINE float fromBfloat16(uint16_t value) {
  const uint32_t bits = uint32_t(value) << 16;
  float wide;
  memcpy(&wide, &bits, 4);
  return wide;
}

#if defined(__AVX512F__)
constexpr int kRows = 8, kWide = 3; // rows and vectors of a block of sums: 24 of 32 registers hold them
#else
constexpr int kRows = 4, kWide = 2; // 8 of 16
#endif

struct Float32 {
  typedef float Weight, Input;
  static constexpr bool kTiles = false;
  static constexpr long kPair = 1; // numbers of a word, which are multiplied and added to one sum
  ALWAYS_INLINE Vector words(const float* from) { return load(from); }
  ALWAYS_INLINE Vector addWords(Vector sum, Vector a, Vector b) { return multiplyAdd(sum, a, b); }
  ALWAYS_INLINE Vector addWord(Vector sum, const void* word, Vector b) { return multiplyAdd(sum, repeatWord(word), b); }
  ALWAYS_INLINE void round(const float* from, long count, Input* to) { memcpy(to, from, count * sizeof(float)); }
  ALWAYS_INLINE void convert(const float* from, long count, Input* to) { round(from, count, to); }
  ALWAYS_INLINE Vector wide(const float* from) { return load(from); }
  ALWAYS_INLINE Vector together(const Vector* numbers) { return numbers[0]; }
};

/** Weights in bfloat16 and x rounded to it, as in TensorFlow's product; sums and results in float32, where TensorFlow rounds the result too. */
struct Bfloat16 {
  typedef uint16_t Weight;
  static constexpr bool kTiles = false;
#if defined(__AVX512BF16__)
  typedef uint16_t Input;
  static constexpr long kPair = 2;
  /** Pairs of numbers that follow each other, as a panel has them. */
  ALWAYS_INLINE Vector words(const uint16_t* from) { return load(reinterpret_cast<const float*>(from)); }
  ALWAYS_INLINE Vector words(const float* from) { return (Vector)_mm512_cvtne2ps_pbh(load(from + kLanes), load(from)); }
  ALWAYS_INLINE Vector addWords(Vector sum, Vector a, Vector b) { return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b); }
  /** The same with a word of memory in every lane of a, which the compiler would load by an instruction of its own. */
  ALWAYS_INLINE Vector addWord(Vector sum, const void* word, Vector b) {
    typedef uint32_t __attribute__((may_alias)) Word;
    asm("vdpbf16ps %1%{1to16%}, %2, %0" : "+v"(sum) : "m"(*static_cast<const Word*>(word)), "v"(b));
    return sum;
  }
  /** Pairs of one number each of two vectors, which `wide` made. */
  ALWAYS_INLINE Vector together(const Vector* numbers) { return (Vector)_mm512_or_si512(_mm512_srli_epi32((__m512i)numbers[0], 16), (__m512i)numbers[1]); }
  ALWAYS_INLINE Vector wide(const uint16_t* from) { return widen(from); }
  ALWAYS_INLINE Vector wide(const float* from) { return (Vector)_mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(load(from))), 16); }
  ALWAYS_INLINE void round(const float* from, long count, Input* to) {
    long k = 0;
    for (; k + kLanes <= count; k += kLanes) _mm256_storeu_si256((__m256i*)(to + k), (__m256i)_mm512_cvtneps_pbh(load(from + k)));
    for (; k < count; k++) to[k] = toBfloat16(from[k]);
  }
  ALWAYS_INLINE void convert(const float* from, long count, Input* to) { round(from, count, to); }
  ALWAYS_INLINE void convert(const uint16_t* from, long count, Input* to) { memcpy(to, from, count * sizeof(Input)); }
#else
  typedef float Input;
  static constexpr long kPair = 1;
  ALWAYS_INLINE Vector words(const uint16_t* from) { return widen(from); }
  ALWAYS_INLINE Vector words(const float* from) { return wide(from); }
  ALWAYS_INLINE Vector addWords(Vector sum, Vector a, Vector b) { return multiplyAdd(sum, a, b); }
  ALWAYS_INLINE Vector addWord(Vector sum, const void* word, Vector b) { return multiplyAdd(sum, repeatWord(word), b); }
  ALWAYS_INLINE Vector wide(const uint16_t* from) { return widen(from); }
  ALWAYS_INLINE Vector wide(const float* from) {
    float rounded[kLanes];
    round(from, kLanes, rounded);
    return load(rounded);
  }
  ALWAYS_INLINE Vector together(const Vector* numbers) { return numbers[0]; }
  ALWAYS_INLINE void round(const float* from, long count, Input* to) {
    for (long k = 0; k < count; k++) to[k] = fromBfloat16(toBfloat16(from[k]));
  }
  ALWAYS_INLINE void convert(const float* from, long count, Input* to) { round(from, count, to); }
  ALWAYS_INLINE void convert(const uint16_t* from, long count, Input* to) {
    long k = 0;
    for (; k + kLanes <= count; k += kLanes) store(to + k, widen(from + k));
    for (; k < count; k++) to[k] = fromBfloat16(from[k]);
  }
#endif
};

#ifdef HAS_TILES
/** The same multiplied by tiles. */
struct Bfloat16Tiles : Bfloat16 {
  static constexpr bool kTiles = true;
};
#endif

/** Calls `use` with the form of bfloat16 that this process multiplies fastest. */
template <class Use>
auto inBfloat16(Use&& use) {
#ifdef HAS_TILES
  if (tilesGranted()) return use(Bfloat16Tiles());
#endif
  return use(Bfloat16());
}

struct NothingInUse {
  NothingInUse() {}
};
#ifdef HAS_TILES
/** What a thread has to hold while it multiplies. */
template <class P>
using InUse = std::conditional_t<P::kTiles, TilesInUse, NothingInUse>;
#else
template <class P>
using InUse = NothingInUse;
#endif

/** Rows that are multiplied at once, and terms that a product reads together: rows and columns are filled up to these. */
template <class P>
constexpr long kHeight = P::kTiles ? 2 * kTileSide : kRows;
template <class P>
constexpr long kDepth = P::kTiles ? 2 * kTileSide : P::kPair;
