#include "sync-server/http/worker.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sync-server/http/limits.h"

namespace banyan::http {

Worker::Worker(std::size_t queue_max) : Worker(queue_max, Batch{}) {}

Worker::Worker(std::size_t queue_max, Batch batch)
    : queue_max_(queue_max), batch_(std::move(batch)), thread_([this] { run(); }) {}

Worker::~Worker() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool Worker::submit(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_ || full()) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

bool Worker::full() const {
  const auto count = static_cast<std::int64_t>(jobs_.size());
  return jobs_.size() >= queue_max_ ||
         (jobs_.size() >= kQueueAlways && count * pace_ > kQueueTimeMax);
}

std::chrono::milliseconds Worker::backlog() const {
  const std::scoped_lock lock(mutex_);
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      static_cast<std::int64_t>(jobs_.size()) * pace_);
}

std::size_t Worker::waiting() const {
  const std::scoped_lock lock(mutex_);
  return jobs_.size();
}

void Worker::run() {
  std::vector<Job> taken;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;  // stopping, and nothing is left
      const auto count = static_cast<std::ptrdiff_t>(
          std::min(jobs_.size(), std::max<std::size_t>(1, batch_.jobs_max)));
      taken.assign(std::make_move_iterator(jobs_.begin()),
                   std::make_move_iterator(jobs_.begin() + count));
      jobs_.erase(jobs_.begin(), jobs_.begin() + count);
    }
    const auto began = std::chrono::steady_clock::now();
    const bool kept = run_batch(taken);
    note_pace((std::chrono::steady_clock::now() - began) / static_cast<std::int64_t>(taken.size()));
    for (Job& job : taken) {
      if (job.done) job.done(kept);
    }
    taken.clear();
  }
}

void Worker::note_pace(std::chrono::nanoseconds job) {
  const std::scoped_lock lock(mutex_);
  pace_ = pace_.count() == 0 ? job : (pace_ * 7 + job) / 8;
}

bool Worker::run_batch(std::vector<Job>& jobs) {
  if (batch_.begin && !batch_.begin()) return false;
  for (Job& job : jobs) job.work();
  return !batch_.end || batch_.end();
}

}  // namespace banyan::http
