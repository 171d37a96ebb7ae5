// Left factors of sums over tokens, Σ_n left[n][k] · right[n][j], for tiles: they read columns of `left` as rows. Its float32 numbers are the sum of
// two of bfloat16 to 16 bits; `right` has been rounded, as other products read it.
#pragma once
#include "split.h"

template <class P>
struct TurnedLows {
  uint16_t *high, *low; // [columns, pitch]
  long pitch;
  static constexpr long kTokens = 256;

  static TurnedLows take(Scratch& scratch, long tokens, long columns) {
    if constexpr (!P::kTiles) return {nullptr, nullptr, 0};
    const long pitch = filled(tokens), size = (columns + 2 * kTileSide) * pitch; // tiles may begin at the last one
    return {scratch.take<uint16_t>(size), scratch.take<uint16_t>(size), pitch};
  }

#ifdef HAS_TILES
  /** Columns column … column + 15 of `from`, `stride` numbers a token. */
  void turn(const float* from, long stride, long count, long column) const {
    for (long n = 0; n < pitch; n += 2 * kLanes) {
      Vector squares[2][kLanes];
      for (long half = 0; half < 2; half++) {
        for (long i = 0; i < kLanes; i++) {
          const long token = n + half * kLanes + i;
          squares[half][i] = token < count ? load(from + token * stride + column) : zero();
        }
        transpose(squares[half]);
      }
      for (long k = 0; k < kLanes; k++) {
        const Vector a = squares[0][k], b = squares[1][k];
        const __m512i both = (__m512i)_mm512_cvtne2ps_pbh(b, a);
        const Vector restA = a - wide(_mm512_castsi512_si256(both)), restB = b - wide(_mm512_extracti64x4_epi64(both, 1));
        _mm512_storeu_si512(high + (column + k) * pitch + n, both);
        _mm512_storeu_si512(low + (column + k) * pitch + n, (__m512i)_mm512_cvtne2ps_pbh(restB, restA));
      }
    }
  }

  /** `use(k, values)` for columns first … first + ranks of the left side and `columns` columns of the right from `right` on. `room`: for kTokens of them. */
  template <class Use>
  void multiply(long first, long ranks, long count, const uint16_t* right, long rightPitch, long columns, char* room, Use&& use) const {
    uint16_t* panel = reinterpret_cast<uint16_t*>(room);
    alignas(64) float values[2 * kTileSide * kPanel];
    for (long k = 0; k < ranks; k += 2 * kTileSide) {
      for (long n = 0; n < count; n += kTokens) {
        const long some = std::min(kTokens, count - n), at = (first + k) * pitch + n;
        Panel<P>::packColumns(right + n * rightPitch, rightPitch, some, columns, panel);
        if (ranks - k > kTileSide) add<2>(n > 0, some, at, panel, values);
        else add<1>(n > 0, some, at, panel, values);
      }
      for (long r = 0; r < std::min(2 * kTileSide, ranks - k); r++) use(k + r, values + r * kPanel);
    }
  }

 private:
  static Vector wide(__m256i numbers) { return (Vector)_mm512_slli_epi32(_mm512_cvtepu16_epi32(numbers), 16); }
  template <int R>
  void add(bool more, long tokens, long at, const uint16_t* panel, float* values) const {
    SumTiles<R, kWide> total;
    if (more) total.load(values, kPanel * 4);
    else total.clear();
    for (const uint16_t* left : {high, low}) total.add(filled(tokens) / 32, left + at, pitch * 2, panel, kPanel * 4);
    total.store(values, kPanel * 4);
  }
#else
  void turn(const float*, long, long, long) const {}
  template <class Use>
  void multiply(long, long, long, const typename P::Input*, long, long, char*, Use&&) const {}
#endif
};
