#include "engine/kept_contexts.hpp"

namespace braid::engine {

namespace {

constexpr std::uint64_t share = 16;  // of the engine's memory, for what is kept

}  // namespace

std::shared_ptr<KeptContexts::EncoderKind> KeptContexts::encoders(const codec::Format& format,
                                                                  const CompressionConfig& config) {
  if (format.encoder_memory(config) > memory_ / share / threads_) return nullptr;
  const base::Lock lock(mutex_);
  if (encoders_ == nullptr || encoders_->config != config) {
    encoders_ = std::make_shared<EncoderKind>(config, threads_);
  }
  return encoders_;
}

std::shared_ptr<KeptContexts::DecoderKind> KeptContexts::decoders(
    const codec::Format& format, const codec::DecoderSettings& settings) {
  if (!settings.dictionary.empty()) return nullptr;
  const base::Lock lock(mutex_);
  auto& kind = decoders_[static_cast<std::size_t>(format.info.algorithm)];
  if (kind == nullptr || kind->memory_limit != settings.memory_limit) {
    kind = std::make_shared<DecoderKind>(settings.memory_limit, threads_);
  }
  return kind;
}

}  // namespace braid::engine
