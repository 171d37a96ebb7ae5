#include "large-pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <set>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 // Linux 6.1
#endif

namespace {

constexpr uintptr_t kPage = 2 << 20;
constexpr long kGap = 1 << 16; // between arrays that were allocated one after the other

/** What the kernel is told of the whole large pages between two addresses. */
void advise(const char* begin, const char* end, int advice) {
  const uintptr_t from = (reinterpret_cast<uintptr_t>(begin) + kPage - 1) / kPage * kPage, to = reinterpret_cast<uintptr_t>(end) / kPage * kPage;
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, advice);
}

/** An older kernel moves them when it comes to it. */
void move(const char* begin, const char* end) {
  advise(begin, end, MADV_HUGEPAGE);
  advise(begin, end, MADV_COLLAPSE);
}

} // namespace

void startOnLargePages(Bytes array) { advise(array.begin, array.begin + array.size, MADV_HUGEPAGE); }

void keepOnLargePages(std::vector<Bytes> arrays) {
  static std::mutex busy;
  static auto* moved = new std::set<const char*>();
  std::lock_guard<std::mutex> lock(busy);
  if (arrays.empty() || !moved->insert(arrays[0].begin).second) return;
  std::sort(arrays.begin(), arrays.end(), [](const Bytes& a, const Bytes& b) { return a.begin < b.begin; });
  const char *begin = arrays[0].begin, *end = begin;
  for (const Bytes& array : arrays) {
    if (array.begin > end + kGap) {
      move(begin, end);
      begin = array.begin;
    }
    end = std::max(end, array.begin + array.size);
  }
  move(begin, end);
}
