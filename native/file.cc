// WorkbenchKeepInFile and WorkbenchTakeFromFile: what a backward pass needs of a block, in a file between the two passes instead of in memory.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <unistd.h>

#include "ops.h"
#include "tensorflow.h"

namespace {

struct Place {
  long offset = 0;
  /** Of the file, which a larger tensor of a later step may outgrow. */
  long room = 0;
  std::vector<int64_t> shape;
};

/** Which part of a file holds what: by file, then by place. */
std::map<long, std::map<long, Place>> files;
std::map<long, long> ends;
std::mutex mutex;

struct Where {
  long file, place;
};

void* create(TF_OpKernelConstruction* construction) { return new Where{intAttribute(construction, "file"), intAttribute(construction, "place")}; }
void destroy(void* where) { delete static_cast<Where*>(where); }

long bytesOf(const std::vector<int64_t>& shape) {
  long bytes = sizeof(float);
  for (const int64_t size : shape) bytes *= size;
  return bytes;
}

Place reserve(const Where& where, const std::vector<int64_t>& shape) {
  const std::lock_guard lock(mutex);
  Place& place = files[where.file][where.place];
  place.shape = shape;
  if (const long bytes = bytesOf(shape); bytes > place.room) {
    place.offset = ends[where.file];
    place.room = std::max(bytes, 2 * place.room); // what it leaves behind stays less than what it has, however often it grows
    ends[where.file] += place.room;
  }
  return place;
}

/** Reads or writes all of it; false where the system refuses, errno says why. */
template <class Transfer>
bool whole(Transfer transfer, char* at, long bytes, long offset) {
  while (bytes > 0) {
    const ssize_t done = transfer(at, bytes, offset);
    if (done < 0 && errno == EINTR) continue;
    if (done == 0) errno = EIO; // the file ends too early
    if (done <= 0) return false;
    at += done, bytes -= done, offset += done;
  }
  return true;
}

/** x [...] → [1]: what `take` waits for. */
void keep(void* given, TF_OpKernelContext* context) {
  const Where& where = *static_cast<Where*>(given);
  const Tensor x = input(context, 0);
  std::vector<int64_t> shape(x.rank());
  for (int axis = 0; axis < x.rank(); axis++) shape[axis] = x.size(axis);
  const Place place = reserve(where, shape);
  const auto write = [&](char* at, long bytes, long offset) { return pwrite(where.file, at, bytes, offset); };
  if (!whole(write, x.data<char>(), bytesOf(shape), place.offset))
    return fail(context, std::string("activations could not be written to their file in the run's folder: ") + strerror(errno));
  *output(context, 0, TF_INT32, {1}).data<int32_t>() = 0;
}

/** kept [1], and what is known before x is needed again → x. */
void take(void* given, TF_OpKernelContext* context) {
  const Where& where = *static_cast<Where*>(given);
  Place place;
  {
    const std::lock_guard lock(mutex);
    place = files[where.file][where.place];
  }
  const Tensor x = output(context, 0, TF_FLOAT, place.shape);
  const auto read = [&](char* at, long bytes, long offset) { return pread(where.file, at, bytes, offset); };
  if (!whole(read, x.data<char>(), bytesOf(place.shape), place.offset))
    return fail(context, std::string("activations could not be read from their file in the run's folder: ") + strerror(errno));
}

} // namespace

void registerFile() {
  registerOp({"WorkbenchKeepInFile", {"file: int", "place: int"}, {"x: float"}, {"kept: int32"}, true});
  registerKernel({"WorkbenchKeepInFile", {}, keep, create, destroy});
  registerOp({"WorkbenchTakeFromFile", {"file: int", "place: int"}, {"kept: int32", "after: float"}, {"x: float"}, true});
  registerKernel({"WorkbenchTakeFromFile", {}, take, create, destroy});
}
