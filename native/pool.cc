#include "pool.h"

#include <immintrin.h>
#include <pthread.h>

#include <algorithm>
#include <cstdlib>

namespace {

// TensorFlow's own threads need the processors too: an idle worker sleeps after about 100 µs, and whoever waits within an op soon yields.
constexpr int kSpinsBeforeSleep = 5000, kSpinsBeforeYield = 5000;

std::vector<int> usableProcessors() {
  cpu_set_t set;
  std::vector<int> processors;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int i = 0; i < CPU_SETSIZE; i++)
      if (CPU_ISSET(i, &set)) processors.push_back(i);
  if (processors.empty()) processors.push_back(0);
  return processors;
}

/** As many as TensorFlow's ops take: one for each processor, or fewer where its own switch says so. */
int threadsFor(size_t processors) {
  const char* asked = std::getenv("TF_NUM_INTRAOP_THREADS");
  const int most = asked ? std::atoi(asked) : 0;
  return most > 0 ? std::min(most, int(processors)) : int(processors);
}

} // namespace

void Pool::pauseOrYield(int spin) {
  if (spin < kSpinsBeforeYield) _mm_pause();
  else sched_yield();
}

Pool& Pool::instance() {
  static Pool* pool = new Pool(usableProcessors());
  return *pool;
}

Pool::Pool(std::vector<int> processors) : processors_(std::move(processors)), entered_(kClosed) {
  for (int i = 1; i < threadsFor(processors_.size()); i++) {
    workers_.emplace_back([this, i] { loop(i); });
    pthread_setname_np(workers_.back().native_handle(), "workbench op"); // as top and perf show them
  }
}

void Pool::run(const std::function<void(int)>& work) {
  std::lock_guard<std::mutex> turn(callers_);
  placeWorkers();
  work_ = &work;
  left_.store(0);
  entered_.store(0);
  {
    std::lock_guard<std::mutex> lock(sleeping_);
    job_.fetch_add(1);
  }
  wake_.notify_all();
  work(0);
  const int entered = entered_.fetch_add(kClosed);
  for (int spin = 0; left_.load(std::memory_order_acquire) < entered; spin++) pauseOrYield(spin);
  for (int i = 0; i < kPhases && phases_[i].next.load(std::memory_order_relaxed) > 0; i++) {
    phases_[i].next.store(0, std::memory_order_relaxed);
    phases_[i].done.store(0, std::memory_order_relaxed);
  }
}

/** Whether the job of the moment is still open, and is now waited for until this worker leaves it. */
bool Pool::enter() {
  int entered = entered_.load();
  while (entered < kClosed)
    if (entered_.compare_exchange_weak(entered, entered + 1)) return true;
  return false;
}

void Pool::loop(int thread) {
  for (long seen = 0;;) {
    for (int spin = 0; job_.load(std::memory_order_acquire) == seen && spin < kSpinsBeforeSleep; spin++) _mm_pause();
    if (job_.load(std::memory_order_acquire) == seen) {
      std::unique_lock<std::mutex> lock(sleeping_);
      wake_.wait(lock, [&] { return job_.load() != seen; });
    }
    seen = job_.load();
    if (!enter()) continue;
    (*work_)(thread); // of a later job than `seen` at worst, which is then found done
    left_.fetch_add(1, std::memory_order_release);
  }
}

/** Workers stand on other processors than the caller: on a busy machine the kernel may wake them on the caller's own, where they wait for it. */
void Pool::placeWorkers() {
  const int here = sched_getcpu(), count = int(processors_.size());
  if (here == caller_) return;
  caller_ = here;
  int at = 0;
  while (at < count && processors_[at] != here) at++;
  if (at == count) return;
  for (int i = 0; i < int(workers_.size()); i++) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processors_[(at + 1 + i) % count], &set);
    pthread_setaffinity_np(workers_[i].native_handle(), sizeof set, &set);
  }
}
