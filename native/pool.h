// Threads that share the phases of one op. They stay awake between phases, for one that the kernel has to wake comes 50 µs late; and
// nobody waits for a thread that holds no work, for on a busy machine it may not be running at all.
#pragma once
#include <sched.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

class Pool {
 public:
  /** One for the process, with a thread for every processor it may use, or TF_NUM_INTRAOP_THREADS. It is never taken down. */
  static Pool& instance();

  int size() const { return int(workers_.size()) + 1; }

  /** Runs `work(thread)` on the caller's thread and on those workers that come before it is done. Callers take turns. */
  void run(const std::function<void(int)>& work);

  /** Items 0 … count − 1 of a phase, each to the thread that is free first; returns when all are done. `phase` is the thread's own count of phases. */
  template <class Item>
  void share(int& phase, long count, Item&& item) {
    Phase& own = phases_[phase++];
    long did = 0;
    for (long i; (i = own.next.fetch_add(1, std::memory_order_relaxed)) < count; did++) item(i);
    finish(own, did, count);
  }

  /** The same as `item(i, next)`, where a thread knows what it will do next and can have that fetched; from `count` on there is nothing. */
  template <class Item>
  void shareAhead(int& phase, long count, Item&& item) {
    Phase& own = phases_[phase++];
    long did = 0, next = own.next.fetch_add(1, std::memory_order_relaxed);
    for (long i; (i = next) < count; did++) {
      next = own.next.fetch_add(1, std::memory_order_relaxed);
      item(i, next);
    }
    finish(own, did, count);
  }

 private:
  explicit Pool(std::vector<int> processors);
  void loop(int thread);
  void placeWorkers();
  bool enter();
  static void pauseOrYield(int spin);

  static constexpr int kPhases = 8192; // of one run: a layer has 14
  struct alignas(64) Phase {
    std::atomic<long> next{0}, done{0};
  };

  void finish(Phase& own, long did, long count) {
    own.done.fetch_add(did, std::memory_order_acq_rel);
    for (int spin = 0; own.done.load(std::memory_order_acquire) < count; spin++) pauseOrYield(spin);
  }

  std::vector<int> processors_; // that this process may use
  std::vector<std::thread> workers_;
  int caller_ = -1; // processor on which the caller was when the workers were placed
  std::mutex callers_, sleeping_;
  std::condition_variable wake_;
  std::atomic<long> job_{0};
  std::atomic<int> entered_, left_{0}; // workers of this job; `entered_` is kClosed more when nobody may come any more
  static constexpr int kClosed = 1 << 20;
  std::unique_ptr<Phase[]> phases_{new Phase[kPhases]};
  const std::function<void(int)>* work_ = nullptr;
};
