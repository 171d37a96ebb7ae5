// Matrices in the blocks of a GGUF file (trainers/engine/gguf-blocks/), made float32 or bfloat16: WorkbenchBlocks. Layouts: ggml-quants.c of
// ggml-org/ggml. A stacked matrix is several parts, each in blocks of its own type, which begins at a word.
#include <algorithm>
#include <cstring>

#include "ops.h"
#include "pool.h"
#include "precision.h"
#include "tensorflow.h"

namespace {

float half(const uint8_t* from) {
  uint16_t bits;
  memcpy(&bits, from, 2);
  const uint32_t sign = uint32_t(bits & 0x8000) << 16, exponent = bits >> 10 & 31, mantissa = bits & 1023;
  if (exponent == 0) return sign ? mantissa * -0x1p-24f : mantissa * 0x1p-24f;
  const uint32_t wide = sign | (exponent == 31 ? 255 : exponent + 112) << 23 | mantissa << 13;
  float value;
  memcpy(&value, &wide, 4);
  return value;
}

void q40(const uint8_t* block, float* out) {
  const float scale = half(block);
  for (int i = 0; i < 16; i++) {
    out[i] = scale * ((block[2 + i] & 15) - 8);
    out[i + 16] = scale * ((block[2 + i] >> 4) - 8);
  }
}

void q41(const uint8_t* block, float* out) {
  const float scale = half(block), minimum = half(block + 2);
  for (int i = 0; i < 16; i++) {
    out[i] = scale * (block[4 + i] & 15) + minimum;
    out[i + 16] = scale * (block[4 + i] >> 4) + minimum;
  }
}

/** Low halves of 32 numbers of 5 bits after the bits above them, number i's being bit i. */
void fiveBits(const uint8_t* from, int* q) {
  uint32_t high;
  memcpy(&high, from, 4);
  for (int i = 0; i < 16; i++) {
    q[i] = (from[4 + i] & 15) | int(high >> i & 1) << 4;
    q[i + 16] = from[4 + i] >> 4 | int(high >> (i + 16) & 1) << 4;
  }
}

void q50(const uint8_t* block, float* out) {
  const float scale = half(block);
  int q[32];
  fiveBits(block + 2, q);
  for (int i = 0; i < 32; i++) out[i] = scale * (q[i] - 16);
}

void q51(const uint8_t* block, float* out) {
  const float scale = half(block), minimum = half(block + 2);
  int q[32];
  fiveBits(block + 4, q);
  for (int i = 0; i < 32; i++) out[i] = scale * q[i] + minimum;
}

void q80(const uint8_t* block, float* out) {
  const float scale = half(block);
  for (int i = 0; i < 32; i++) out[i] = scale * int8_t(block[2 + i]);
}

/** Scale and minimum of a group of 32, of 6 bits each, in 12 bytes for eight groups. */
struct Group {
  float scale, minimum;
  Group(const uint8_t* block, int group) {
    const uint8_t* from = block + 4;
    const int first = group < 4 ? from[group] & 63 : (from[group + 4] & 15) | (from[group - 4] >> 6) << 4;
    const int second = group < 4 ? from[group + 4] & 63 : from[group + 4] >> 4 | (from[group] >> 6) << 4;
    scale = half(block) * first;
    minimum = half(block + 2) * second;
  }
};

void q4k(const uint8_t* block, float* out) {
  for (int group = 0; group < 8; group++, out += 32) {
    const Group of(block, group);
    const uint8_t* codes = block + 16 + 32 * (group >> 1);
    const int shift = 4 * (group & 1);
    for (int i = 0; i < 32; i++) out[i] = of.scale * (codes[i] >> shift & 15) - of.minimum;
  }
}

void q5k(const uint8_t* block, float* out) {
  for (int group = 0; group < 8; group++, out += 32) {
    const Group of(block, group);
    const uint8_t *codes = block + 48 + 32 * (group >> 1), *high = block + 16;
    const int shift = 4 * (group & 1);
    for (int i = 0; i < 32; i++) out[i] = of.scale * ((codes[i] >> shift & 15) | (high[i] >> group & 1) << 4) - of.minimum;
  }
}

void q6k(const uint8_t* block, float* out) {
  const float d = half(block + 208);
  for (int part = 0; part < 2; part++)
    for (int row = 0; row < 4; row++, out += 32) {
      const uint8_t *low = block + 64 * part + 32 * (row & 1), *high = block + 128 + 32 * part;
      const auto* scales = reinterpret_cast<const int8_t*>(block + 192 + 8 * part + 2 * row);
      const int shift = row < 2 ? 0 : 4;
      for (int half = 0; half < 32; half += 16) {
        const float scale = d * scales[half >> 4];
        for (int i = half; i < half + 16; i++) out[i] = scale * (((low[i] >> shift & 15) | (high[i] >> (2 * row) & 3) << 4) - 32);
      }
    }
}

struct Type {
  int values, bytes;
  void (*unpack)(const uint8_t*, float*);
};
/** In the order of heldTypes in trainers/engine/gguf-blocks/types.ts. */
constexpr Type kTypes[] = {{32, 18, q40}, {32, 20, q41}, {32, 22, q50}, {32, 24, q51}, {32, 34, q80}, {256, 144, q4k}, {256, 176, q5k}, {256, 210, q6k}};

struct Shape {
  long rows, columns;
};

/** Some blocks one after the other. As bfloat16 they are rounded 256 numbers at a time, which fills the vectors. */
template <class T>
void write(const Type& type, const uint8_t* from, long count, T* to) {
  if constexpr (sizeof(T) == 4)
    for (long block = 0; block < count; block++) type.unpack(from + block * type.bytes, to + block * type.values);
  else
    for (long block = 0, some = 256 / type.values; block < count; block += some) {
      float numbers[256];
      const long now = std::min(some, count - block);
      for (long i = 0; i < now; i++) type.unpack(from + (block + i) * type.bytes, numbers + i * type.values);
      for (long i = 0; i < now * type.values; i++) to[block * type.values + i] = toBfloat16(numbers[i]);
    }
}

template <class T>
void dequantise(void* self, TF_OpKernelContext* context) {
  const Shape shape = *static_cast<Shape*>(self);
  const Tensor words = input(context, 0), types = input(context, 1), sizes = input(context, 2);
  const long parts = sizes.size(0);
  long all = 0, needed = 0;
  for (long part = 0; part < parts; part++) {
    const Type& type = kTypes[types.data<int32_t>()[part]];
    all += sizes.data<int32_t>()[part];
    needed += (sizes.data<int32_t>()[part] / type.values * type.bytes + 3) / 4;
  }
  if (all != shape.rows * shape.columns || words.size(0) != needed)
    return fail(context, "WorkbenchBlocks: " + std::to_string(words.size(0)) + " words where " + std::to_string(needed) + " are needed, " +
                             std::to_string(all) + " numbers for " + std::to_string(shape.rows * shape.columns));
  const Tensor matrix = output(context, 0, sizeof(T) == 2 ? TF_BFLOAT16 : TF_FLOAT, {shape.rows, shape.columns});
  Pool& pool = Pool::instance();
  pool.run([&](int) {
    int phase = 0;
    const uint8_t* from = words.data<uint8_t>();
    T* to = matrix.data<T>();
    for (long part = 0; part < parts; part++) {
      const Type& type = kTypes[types.data<int32_t>()[part]];
      const long count = sizes.data<int32_t>()[part] / type.values, some = 16384 / type.values; // blocks of an item
      pool.share(phase, (count + some - 1) / some, [&](long item) {
        const long block = item * some;
        write(type, from + block * type.bytes, std::min(some, count - block), to + block * type.values);
      });
      from += (count * type.bytes + 3) / 4 * 4;
      to += count * type.values;
    }
  });
}

void* createShape(TF_OpKernelConstruction* construction) { return new Shape{long(intAttribute(construction, "rows")), long(intAttribute(construction, "columns"))}; }
void destroyShape(void* shape) { delete static_cast<Shape*>(shape); }

} // namespace

void registerGgufBlocks() {
  registerOp({"WorkbenchBlocks", {"T: {float, bfloat16}", "rows: int", "columns: int"}, {"words: int32", "types: int32", "sizes: int32"}, {"matrix: T"}});
  registerKernel({"WorkbenchBlocks", {{"T", TF_FLOAT}}, dequantise<float>, createShape, destroyShape});
  registerKernel({"WorkbenchBlocks", {{"T", TF_BFLOAT16}}, dequantise<uint16_t>, createShape, destroyShape});
}
