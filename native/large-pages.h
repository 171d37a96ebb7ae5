// Weights and caches on pages of 2 MB: a step of sampling reads all of them, and over pages of 4 KB a processor's core gets little more than half of what
// memory can give it. Where the kernel has no such pages, or none is free, nothing changes.
#pragma once
#include <vector>

struct Bytes {
  const char* begin;
  long size;
};

/** Has an array that was not written yet begin on such pages. */
void startOnLargePages(Bytes array);

/** Moves what the arrays fill of 2 MB pages to such pages, at the first call with an array that begins there. */
void keepOnLargePages(std::vector<Bytes> arrays);
