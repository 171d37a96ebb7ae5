// Threads that stay awake between the phases of one op: a barrier costs a microsecond, a thread that the kernel has to wake fifty.
#pragma once
#include <sched.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class Pool {
 public:
  /** One for the process, with a thread for every processor it may use. It is never taken down. */
  static Pool& instance();

  int size() const { return int(workers_.size()) + 1; }

  /** Runs `work(thread)` on every thread at once, the caller's among them. Callers take turns. */
  void run(const std::function<void(int)>& work);

  /** All threads of a run meet here. */
  void barrier();

  /** Items 0 … count − 1 of a phase, each to the thread that is free first; ends with a barrier. `phase` is the thread's own count of phases. */
  template <class Item>
  void share(int& phase, long count, Item&& item) {
    std::atomic<long>& next = counters_[phase % kCounters];
    counters_[(phase + kCounters / 2) % kCounters].store(0, std::memory_order_relaxed); // nobody is that far behind or ahead
    phase++;
    for (long i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) item(i);
    barrier();
  }

 private:
  explicit Pool(std::vector<int> processors);
  void loop(int thread);
  void placeWorkers();

  static constexpr int kCounters = 8;
  struct alignas(64) Counter : std::atomic<long> {};

  std::vector<int> processors_; // that this process may use
  std::vector<std::thread> workers_;
  int caller_ = -1; // processor on which the caller was when the workers were placed
  std::mutex callers_, sleeping_;
  std::condition_variable wake_;
  std::atomic<long> job_{0};
  std::atomic<int> running_{0}, arrived_{0}, turn_{0};
  Counter counters_[kCounters];
  const std::function<void(int)>* work_ = nullptr;
};
