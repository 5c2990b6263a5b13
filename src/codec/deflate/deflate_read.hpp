#pragma once

#include "codec/format.hpp"

// The reading side of the three rows.
namespace braid::codec::deflate {

[[nodiscard]] Result<std::unique_ptr<StreamDecoder>> make_gzip_decoder(const DecoderSettings&);
[[nodiscard]] Result<std::unique_ptr<StreamDecoder>> make_zlib_decoder(const DecoderSettings&);
[[nodiscard]] Result<std::unique_ptr<StreamDecoder>> make_raw_decoder(const DecoderSettings&);

[[nodiscard]] std::unique_ptr<Splitter> make_gzip_splitter();
[[nodiscard]] std::unique_ptr<Splitter> make_zlib_splitter();
[[nodiscard]] std::unique_ptr<Splitter> make_raw_splitter();

[[nodiscard]] Result<std::unique_ptr<UnitDecoder>> make_gzip_unit_decoder(const DecoderSettings&);
[[nodiscard]] Result<std::unique_ptr<UnitDecoder>> make_zlib_unit_decoder(const DecoderSettings&);
[[nodiscard]] Result<std::unique_ptr<UnitDecoder>> make_raw_unit_decoder(const DecoderSettings&);

[[nodiscard]] std::unique_ptr<Verifier> make_gzip_verifier(const DecoderSettings&);
[[nodiscard]] std::unique_ptr<Verifier> make_zlib_verifier(const DecoderSettings&);
[[nodiscard]] std::unique_ptr<Verifier> make_raw_verifier(const DecoderSettings&);

[[nodiscard]] Findings judge_gzip(const Survey& survey);
[[nodiscard]] Findings judge_zlib(const Survey& survey);
[[nodiscard]] Findings judge_raw(const Survey& survey);

extern const Ahead raw_ahead;
extern const Ahead zlib_ahead;
extern const Ahead gzip_ahead;

// ISIZE of what may be the last member: of bytes that end with padding or garbage, anything.
[[nodiscard]] std::uint64_t gzip_size_hint(ByteView whole);

}  // namespace braid::codec::deflate
