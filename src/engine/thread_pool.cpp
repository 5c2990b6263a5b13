#include <braid/thread_pool.hpp>

#include "engine/thread_pool_impl.hpp"

namespace braid {

namespace {

std::chrono::steady_clock::time_point after(std::chrono::nanoseconds patience) {
  const auto now = std::chrono::steady_clock::now();
  const auto most = std::chrono::steady_clock::time_point::max() - now;
  return now + std::min<std::chrono::nanoseconds>(patience, most);
}

}  // namespace

CompressionThreadPool::CompressionThreadPool(Engine& engine, CompressionConfig config,
                                             ThreadPoolOptions options)
    : impl_(std::make_shared<Impl>(engine, std::move(config), options)) {}

CompressionThreadPool::~CompressionThreadPool() {
  try {
    impl_->shutdown(Shutdown::cancel);
  } catch (...) {
    // A callback's, which shutdown() was not called to hear of.
  }
  impl_->release_engine();
}

Result<Ticket> CompressionThreadPool::submit(std::uint64_t id, ByteView input,
                                             const TaskOptions& options) {
  return impl_->submit(Impl::Direction::compress, id, input, Buffer(), options);
}

Result<Ticket> CompressionThreadPool::submit(std::uint64_t id, Buffer&& input,
                                             const TaskOptions& options) {
  return impl_->submit(Impl::Direction::compress, id, {}, std::move(input), options);
}

Result<Ticket> CompressionThreadPool::submit_decompress(std::uint64_t id, ByteView packed,
                                                        const TaskOptions& options) {
  return impl_->submit(Impl::Direction::decompress, id, packed, Buffer(), options);
}

Result<Ticket> CompressionThreadPool::submit_decompress(std::uint64_t id, Buffer&& packed,
                                                        const TaskOptions& options) {
  return impl_->submit(Impl::Direction::decompress, id, {}, std::move(packed), options);
}

std::optional<PoolResult> CompressionThreadPool::next() {
  return impl_->next({});
}

std::optional<PoolResult> CompressionThreadPool::try_next() {
  return impl_->next(std::chrono::steady_clock::time_point::min());
}

std::optional<PoolResult> CompressionThreadPool::next_for(std::chrono::nanoseconds patience) {
  return impl_->next(after(patience));
}

PoolResult CompressionThreadPool::get(Ticket ticket) {
  return *impl_->get(ticket, {});
}

std::optional<PoolResult> CompressionThreadPool::get_for(Ticket ticket,
                                                         std::chrono::nanoseconds patience) {
  return impl_->get(ticket, after(patience));
}

std::vector<PoolResult> CompressionThreadPool::take_all() {
  return impl_->take_all();
}

void CompressionThreadPool::shutdown(Shutdown mode) {
  impl_->shutdown(mode);
}

ThreadPoolStats CompressionThreadPool::stats() const {
  return impl_->stats();
}

}  // namespace braid
