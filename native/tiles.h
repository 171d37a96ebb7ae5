// Tiles of AMX, where the processor has them: registers of 16 rows of 64 bytes, whose product of bfloat16 numbers takes a sixteenth of the
// time that vectors take. It reads rows of a as they stand, and a panel's [in / 2][columns][2]; sums are in float32. Numbers below 2⁻¹²⁶ count as 0.
// (Where vectors multiply, what they sum up at once is called a tile too.)
#pragma once
#include "vectors.h"

#if defined(__AMX_BF16__) && defined(__AVX512BF16__)
#define HAS_TILES 1
#include <sys/syscall.h>
#include <unistd.h>
#endif

constexpr long kTileSide = 16; // rows, columns, and pairs of terms

/** Whether the kernel lets this process use them. */
inline bool tilesGranted() {
#ifdef HAS_TILES
  constexpr long requestPermission = 0x1023, tileData = 18; // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  static const bool granted = syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
  return granted;
#else
  return false;
#endif
}

#ifdef HAS_TILES
/** A thread's tiles, all of full size, for as long as this lives. Afterwards the kernel has nothing of them to save at a change of threads. */
class TilesInUse {
 public:
  TilesInUse() {
    struct alignas(64) {
      uint8_t palette = 1, firstRow = 0, reserved[14] = {};
      uint16_t bytes[16] = {};
      uint8_t rows[16] = {};
    } sizes;
    for (int i = 0; i < 8; i++) sizes.bytes[i] = 64, sizes.rows[i] = kTileSide;
    _tile_loadconfig(&sizes);
  }
  ~TilesInUse() { _tile_release(); }
};

// The compiler's own forms take no constants of templates as numbers of tiles, and do not say that they read memory.
template <int to>
ALWAYS_INLINE void loadTile(const void* from, long pitch) {
  asm volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(from), "r"(pitch), "i"(to) : "memory");
}
template <int from>
ALWAYS_INLINE void storeTile(void* to, long pitch) {
  asm volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(to), "r"(pitch), "i"(from) : "memory");
}
template <int tile>
ALWAYS_INLINE void clearTile() {
  asm volatile("tilezero %%tmm%c0" ::"i"(tile));
}
template <int sum, int a, int b>
ALWAYS_INLINE void addTiles() {
  asm volatile("tdpbf16ps %%tmm%c0, %%tmm%c1, %%tmm%c2" ::"i"(b), "i"(a), "i"(sum));
}

/** Calls `use` with 0 … count − 1 as constants. */
template <int count, class Use>
ALWAYS_INLINE void forTiles(Use&& use) {
  if constexpr (count > 1) forTiles<count - 1>(use);
  use(std::integral_constant<int, count - 1>());
}

/** Sums of R × Z tiles, which are tiles 0 … 5; 6 and 7 are for what is multiplied. All pitches are in bytes. */
template <int R, int Z>
struct SumTiles {
  static_assert(R <= 2 && Z <= 3);

  ALWAYS_INLINE void clear() {
    forTiles<R * Z>([](auto i) __attribute__((always_inline)) { clearTile<i>(); });
  }
  ALWAYS_INLINE void load(const float* from, long pitch) {
    forTiles<R * Z>([&](auto i) __attribute__((always_inline)) { loadTile<i>(reinterpret_cast<const char*>(from) + i / Z * kTileSide * pitch + i % Z * 64, pitch); });
  }
  ALWAYS_INLINE void store(float* to, long pitch) {
    forTiles<R * Z>([&](auto i) __attribute__((always_inline)) { storeTile<i>(reinterpret_cast<char*>(to) + i / Z * kTileSide * pitch + i % Z * 64, pitch); });
  }
  /** Adds a [16 R, 32 steps] by b [16 steps pairs, 16 Z]; tile z of b is at b + z · apart. `next`: what will be `a` in the next call, to be fetched, or null. */
  ALWAYS_INLINE void add(long steps, const void* a, long aPitch, const void* b, long bPitch, long apart = 64, const char* next = nullptr) {
    const char *left = static_cast<const char*>(a), *right = static_cast<const char*>(b);
    for (long k = 0; k < steps; k++, left += 64, right += kTileSide * bPitch) {
      if (next)
        for (const char* end = next + R * kTileSide * 64; next < end; next += 64) _mm_prefetch(next, _MM_HINT_T1);
      if constexpr (R * Z <= 4) { // with two tiles for each factor
        forTiles<R>([&](auto r) __attribute__((always_inline)) { loadTile<4 + r>(left + r * kTileSide * aPitch, aPitch); });
        forTiles<Z>([&](auto z) __attribute__((always_inline)) {
          loadTile<6 + z % 2>(right + z * apart, bPitch);
          forTiles<R>([&](auto r) __attribute__((always_inline)) { addTiles<r * Z + z, 4 + r, 6 + z % 2>(); });
        });
      } else
        forTiles<R>([&](auto r) __attribute__((always_inline)) {
          loadTile<6>(left + r * kTileSide * aPitch, aPitch);
          forTiles<Z>([&](auto i) __attribute__((always_inline)) {
            constexpr int z = r == 0 ? i : Z - 1 - i; // the last of the first row is there still
            if (r == 0 || i > 0) loadTile<7>(right + z * apart, bPitch);
            addTiles<r * Z + z, 6, 7>();
          });
        });
    }
  }
};
#endif
