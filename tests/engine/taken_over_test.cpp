#include <braid/braid.hpp>

#include <string>

#include "tests/codec/deflate_parts.hpp"
#include "tests/engine/decode_outcome.hpp"

// A decoder that goes on where a part turned out not to be independent knows what one that had read
// the stream from its beginning would know, and nothing else.
namespace braid {
namespace {

using codec::deflate::parts_test::gzip_in_parts;
using codec::deflate::parts_test::gzip_trailer_of;
using codec::deflate::parts_test::head_with;
using codec::deflate::parts_test::little;
using codec::deflate::parts_test::parts;
using codec::deflate::parts_test::second_block;
using codec::deflate::samples::deflated;
using codec::deflate::samples::noise;
using codec::deflate::samples::Wrap;
using testing_streams::PipeSource;
using testing_streams::read_source;

testing_streams::Outcome read(unsigned threads, bool pipe, const std::string& packed,
                              const DecompressionConfig& config) {
  Engine engine({.threads = threads});
  PipeSource from_pipe{ByteView(packed)};
  MemorySource from_memory{ByteView(packed)};
  return read_source(engine, pipe ? static_cast<Source&>(from_pipe) : from_memory, config);
}

TEST(TakenOver, history_ends_where_the_stream_begins) {
  const std::string plain = noise(40'000, 1);
  // A member whose matches reach into the one before.
  const std::string beyond = deflated(plain.substr(20'000), {.dictionary = plain});
  const std::string packed = gzip_in_parts(plain, 9'000) + head_with("BR", little(50'000, 4)) +
                             beyond + gzip_trailer_of(plain.substr(20'000));
  for (const unsigned threads : {1U, 2U}) {
    for (const bool pipe : {false, true}) {
      const auto outcome = read(threads, pipe, packed, {.algorithm = Algorithm::gzip});
      ASSERT_TRUE(outcome.error) << threads;
      EXPECT_EQ(outcome.error->code, Errc::corrupt) << threads;
      EXPECT_EQ(outcome.error->message, "a distance reaches back too far") << threads;
    }
  }
}

TEST(TakenOver, a_dictionary_is_history_as_long_as_it_is_in_reach) {
  const std::string dictionary = noise(10'000, 2);
  const std::string first = noise(9'000, 3);
  // The second part refers to both, as a decoder that began at the beginning knows them.
  const std::string second = dictionary.substr(100, 5'000) + first.substr(50, 5'000);
  std::string packed = parts(first + std::string(1, 'x'), 9'000);
  const std::string last = deflated("x", {Wrap::raw});
  packed.resize(packed.size() - last.size());
  packed += deflated(second, {.dictionary = dictionary + first});
  for (const unsigned threads : {1U, 2U}) {
    for (const bool pipe : {false, true}) {
      const auto outcome =
          read(threads, pipe, packed,
               {.algorithm = Algorithm::deflate, .dictionary = ByteView(dictionary)});
      EXPECT_FALSE(outcome.error) << outcome.error->text();
      EXPECT_EQ(outcome.plain, first + second) << threads;
    }
  }
}

}  // namespace
}  // namespace braid
