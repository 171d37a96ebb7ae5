// Preloaded (LD_PRELOAD) into every process of the product: from the n-th write below a folder on its disk is full, until whoever asked for it
// says that there is room again. The processes share the count in a file that all of them map.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

struct Control {
  std::atomic<uint32_t> writes;  // so far
  std::atomic<uint32_t> from;    // the first one without room; 0: there is room
};

template <typename Call>
Call libc(const char* name) {
  return reinterpret_cast<Call>(dlsym(RTLD_NEXT, name));
}

const char* below() {
  static const char* folder = getenv("FULL_BELOW");
  return folder ? folder : "";
}

Control* control() {
  static Control* mapped = [] {
    static const auto open_ = libc<int (*)(const char*, int, ...)>("open64");
    const char* path = getenv("FULL_CONTROL");
    const int file = path ? open_(path, O_RDWR | O_CLOEXEC) : -1;
    void* at = file < 0 ? MAP_FAILED : mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file >= 0) close(file);
    return at == MAP_FAILED ? nullptr : static_cast<Control*>(at);
  }();
  return mapped;
}

bool lies_below(const char* path) { return strncmp(path, below(), strlen(below())) == 0; }

bool is_full() { return control() && control()->from && control()->writes >= control()->from; }

/** Counts what is to take room at a path; whether there is none. */
bool lacks_room(const char* path) {
  if (!control() || !*below() || !lies_below(path)) return false;
  control()->writes++;
  if (!is_full()) return false;
  errno = ENOSPC;
  return true;
}

bool lacks_room(int file) {
  if (!control()) return false;
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const int saved = errno;
  const ssize_t length = readlink(link, path, sizeof path - 1);
  errno = saved;
  if (length <= 0) return false;
  path[length] = 0;
  return lacks_room(path);
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t count) {
  static const auto call = libc<ssize_t (*)(int, const void*, size_t)>("write");
  return lacks_room(file) ? -1 : call(file, bytes, count);
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t at) {
  static const auto call = libc<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return lacks_room(file) ? -1 : call(file, bytes, count, at);
}

ssize_t pwrite(int file, const void* bytes, size_t count, off_t at) { return pwrite64(file, bytes, count, at); }

ssize_t writev(int file, const iovec* parts, int count) {
  static const auto call = libc<ssize_t (*)(int, const iovec*, int)>("writev");
  return lacks_room(file) ? -1 : call(file, parts, count);
}

int mkdir(const char* path, mode_t mode) {
  static const auto call = libc<int (*)(const char*, mode_t)>("mkdir");
  return access(path, F_OK) != 0 && lacks_room(path) ? -1 : call(path, mode);
}

int open64(const char* path, int flags, ...) {
  static const auto call = libc<int (*)(const char*, int, ...)>("open64");
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  const bool creates = (flags & O_CREAT) && access(path, F_OK) != 0;
  return creates && lacks_room(path) ? -1 : call(path, flags, mode);
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open64(path, flags, mode);
}

int statfs64(const char* path, struct statfs64* about) {
  static const auto call = libc<int (*)(const char*, struct statfs64*)>("statfs64");
  const int status = call(path, about);
  if (status == 0 && is_full() && lies_below(path)) about->f_bfree = about->f_bavail = 0;
  return status;
}

int statfs(const char* path, struct statfs* about) {
  static const auto call = libc<int (*)(const char*, struct statfs*)>("statfs");
  const int status = call(path, about);
  if (status == 0 && is_full() && lies_below(path)) about->f_bfree = about->f_bavail = 0;
  return status;
}
}
