// Arrays that an op works in. They are kept for the next call, which usually asks for the same sizes.
#pragma once
#include <cstdlib>
#include <cstring>
#include <vector>

#include "large-pages.h"

class Scratch {
 public:
  void reset() { used_ = 0; }

  /** `count` elements, aligned for vectors. What is in them is left from earlier calls, and 0 at first. */
  template <class Element>
  Element* take(long count) {
    if (used_ == parts_.size()) parts_.push_back({nullptr, 0});
    Part& part = parts_[used_++];
    const size_t bytes = (count * sizeof(Element) + 4095) / 4096 * 4096 + 64;
    if (part.bytes < bytes) {
      free(part.memory);
      constexpr size_t large = 2 << 20;
      part = {bytes < large ? aligned_alloc(64, bytes) : aligned_alloc(large, (bytes + large - 1) / large * large), bytes};
      startOnLargePages({static_cast<char*>(part.memory), long(bytes)});
      memset(part.memory, 0, bytes);
    }
    return static_cast<Element*>(part.memory);
  }

 private:
  struct Part {
    void* memory;
    size_t bytes;
  };
  std::vector<Part> parts_;
  size_t used_ = 0;
};

/** Rows of numbers, each filled up with zeros to `stride`, so that a product may read whole vectors. */
struct Matrix {
  float* values;
  long stride;
  float* row(long n) const { return values + n * stride; }
};
constexpr long kFill = 32;
inline long filled(long size, long multiple = kFill) { return (size + multiple - 1) / multiple * multiple; }
