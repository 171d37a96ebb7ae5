// Matrices in 4 bits a number (trainers/engine/four-bit/), made float32 or bfloat16 again: WorkbenchDequantise, and WorkbenchScales where the
// scales of their blocks are quantised themselves. A stacked matrix is several parts, each of whole blocks.
#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "ops.h"
#include "pool.h"
#include "precision.h"
#include "tensorflow.h"

namespace {

constexpr long kBlock = 64, kGroup = 256; // numbers that share a scale, and scales that share one

long blocksOf(long size) { return (size + kBlock - 1) / kBlock; }

/** The 16 numbers of a block as planes of their bytes, so that 16 codes are looked up at once. */
template <class T>
struct Planes {
  __m128i bytes[sizeof(T)];
  Planes(const float* levels, float scale) {
    alignas(16) uint8_t planes[sizeof(T)][16];
    for (int code = 0; code < 16; code++) {
      const float value = levels[code] * scale;
      if constexpr (sizeof(T) == 2) split(toBfloat16(value), code, planes);
      else {
        uint32_t bits;
        memcpy(&bits, &value, 4);
        split(bits, code, planes);
      }
    }
    for (size_t plane = 0; plane < sizeof(T); plane++) bytes[plane] = _mm_load_si128(reinterpret_cast<const __m128i*>(planes[plane]));
  }
  static void split(uint32_t bits, int code, uint8_t (*planes)[16]) {
    for (size_t plane = 0; plane < sizeof(T); plane++) planes[plane][code] = uint8_t(bits >> (8 * plane));
  }
  /** 16 codes, a byte each. */
  void write(__m128i codes, T* to) const {
    auto* out = reinterpret_cast<__m128i*>(to);
    const __m128i first = _mm_shuffle_epi8(bytes[0], codes), second = _mm_shuffle_epi8(bytes[1], codes);
    const __m128i low = _mm_unpacklo_epi8(first, second), high = _mm_unpackhi_epi8(first, second);
    if constexpr (sizeof(T) == 2) {
      _mm_storeu_si128(out, low);
      _mm_storeu_si128(out + 1, high);
    } else {
      const __m128i third = _mm_shuffle_epi8(bytes[2], codes), fourth = _mm_shuffle_epi8(bytes[3], codes);
      const __m128i lowEnd = _mm_unpacklo_epi8(third, fourth), highEnd = _mm_unpackhi_epi8(third, fourth);
      _mm_storeu_si128(out, _mm_unpacklo_epi16(low, lowEnd));
      _mm_storeu_si128(out + 1, _mm_unpackhi_epi16(low, lowEnd));
      _mm_storeu_si128(out + 2, _mm_unpacklo_epi16(high, highEnd));
      _mm_storeu_si128(out + 3, _mm_unpackhi_epi16(high, highEnd));
    }
  }
};

/** Two codes a byte, the first in its upper half. */
template <class T>
void writeBlock(const uint8_t* codes, const Planes<T>& numbers, T* to) {
  const __m128i mask = _mm_set1_epi8(15);
  for (int half = 0; half < 2; half++, codes += 16, to += 32) {
    const __m128i both = _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes));
    const __m128i upper = _mm_and_si128(_mm_srli_epi16(both, 4), mask), lower = _mm_and_si128(both, mask);
    numbers.write(_mm_unpacklo_epi8(upper, lower), to);
    numbers.write(_mm_unpackhi_epi8(upper, lower), to + 16);
  }
}

struct Shape {
  long rows, columns;
};

template <class T>
void dequantise(void* self, TF_OpKernelContext* context) {
  const Shape shape = *static_cast<Shape*>(self);
  const Tensor codes = input(context, 0), scales = input(context, 1), sizes = input(context, 2), levels = input(context, 3);
  long all = 0, blocks = 0;
  for (long part = 0; part < sizes.size(0); part++) {
    all += sizes.data<int32_t>()[part];
    blocks += blocksOf(sizes.data<int32_t>()[part]);
  }
  if (all != shape.rows * shape.columns || codes.size(0) != blocks * kBlock / 8 || scales.size(0) != blocks)
    return fail(context, "WorkbenchDequantise: " + std::to_string(codes.size(0)) + " words and " + std::to_string(scales.size(0)) + " scales of " +
                             std::to_string(blocks) + " blocks, " + std::to_string(all) + " numbers for " + std::to_string(shape.rows * shape.columns));
  const Tensor matrix = output(context, 0, sizeof(T) == 2 ? TF_BFLOAT16 : TF_FLOAT, {shape.rows, shape.columns});
  Pool& pool = Pool::instance();
  pool.run([&](int) {
    int phase = 0;
    const uint8_t* from = codes.data<uint8_t>();
    const float* scale = scales.data<float>();
    T* to = matrix.data<T>();
    for (long part = 0; part < sizes.size(0); part++) {
      const long size = sizes.data<int32_t>()[part], count = blocksOf(size);
      constexpr long some = 256; // blocks of an item
      pool.share(phase, (count + some - 1) / some, [&](long item) {
        for (long block = item * some; block < std::min(count, (item + 1) * some); block++) {
          const Planes<T> numbers(levels.data<float>(), scale[block]);
          const long begin = block * kBlock;
          if (size - begin >= kBlock) writeBlock(from + begin / 2, numbers, to + begin);
          else {
            T last[kBlock];
            writeBlock(from + begin / 2, numbers, last);
            std::copy(last, last + (size - begin), to + begin);
          }
        }
      });
      from += count * kBlock / 2;
      scale += count;
      to += size;
    }
  });
}

void scalesOf(void*, TF_OpKernelContext* context) {
  const Tensor codes = input(context, 0), groups = input(context, 1), offsets = input(context, 2), sizes = input(context, 3), map = input(context, 4);
  long blocks = 0;
  for (long part = 0; part < sizes.size(0); part++) blocks += blocksOf(sizes.data<int32_t>()[part]);
  const Tensor scales = output(context, 0, TF_FLOAT, {blocks});
  const uint8_t* code = codes.data<uint8_t>();
  const float* group = groups.data<float>();
  float* to = scales.data<float>();
  for (long part = 0; part < sizes.size(0); part++) {
    const long count = blocksOf(sizes.data<int32_t>()[part]);
    for (long block = 0; block < count; block++) {
      float scaled = map.data<float>()[*code++] * group[block / kGroup];
      asm("" : "+x"(scaled)); // rounded before the offset is added, as bitsandbytes does: not one fused operation
      *to++ = scaled + offsets.data<float>()[part];
    }
    group += (count + kGroup - 1) / kGroup;
  }
}

void* createShape(TF_OpKernelConstruction* construction) { return new Shape{long(intAttribute(construction, "rows")), long(intAttribute(construction, "columns"))}; }
void destroyShape(void* shape) { delete static_cast<Shape*>(shape); }

} // namespace

void registerFourBit() {
  registerOp({"WorkbenchDequantise", {"T: {float, bfloat16}", "rows: int", "columns: int"}, {"codes: int32", "scales: float", "sizes: int32", "levels: float"}, {"matrix: T"}});
  registerKernel({"WorkbenchDequantise", {{"T", TF_FLOAT}}, dequantise<float>, createShape, destroyShape});
  registerKernel({"WorkbenchDequantise", {{"T", TF_BFLOAT16}}, dequantise<uint16_t>, createShape, destroyShape});
  registerOp({"WorkbenchScales", {}, {"codes: int32", "groups: float", "offsets: float", "sizes: int32", "map: float"}, {"scales: float"}});
  registerKernel({"WorkbenchScales", {}, scalesOf});
}
