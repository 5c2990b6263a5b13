#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "program.hpp"

namespace cli_test {
namespace {

using Names = std::vector<std::string>;

class Streams : public CliTest {};

TEST_F(Streams, compresses_and_restores_from_stdin_to_stdout) {
  const Ran packed = braid({}, sample());
  EXPECT_EQ(packed.code, 0);
  EXPECT_TRUE(packed.out.starts_with("\x28\xb5\x2f\xfd")) << "zstd is the default";
  EXPECT_EQ(braid({"-d"}, packed.out).out, sample());
  EXPECT_EQ(names(), Names{});
}

TEST_F(Streams, gives_files_and_pipes_the_same_bytes) {
  write("a", sample(300'000));
  ASSERT_EQ(braid({"-F", "gzip", "a"}).code, 0);
  EXPECT_EQ(braid({"-F", "gzip"}, sample(300'000)).out, read("a.gz"));
  EXPECT_EQ(braid({"-F", "gzip", "-T1", "-c", "a"}).out, read("a.gz"));
}

TEST_F(Streams, takes_a_dash_for_standard_input_and_output) {
  write("a", "first ");
  const Ran packed = braid({"-c", "a", "-"}, "second");
  EXPECT_EQ(packed.code, 0);
  EXPECT_EQ(braid({"-d", "-"}, packed.out).out, "first second");
  EXPECT_EQ(braid({"-d", "-o", "-"}, packed.out).out, "first second");
}

TEST_F(Streams, writes_standard_input_to_a_named_file) {
  ASSERT_EQ(braid({"-o", "out.xz"}, sample()).code, 0);
  EXPECT_EQ(names(), Names{"out.xz"});
  ASSERT_EQ(braid({"-d", "-o", "back"}, read("out.xz")).code, 0);
  EXPECT_EQ(read("back"), sample());
}

TEST_F(Streams, tells_empty_cut_and_unknown_input) {
  for (const auto& [input, message] : {std::pair<std::string, std::string>{"", "empty"},
                                       {"just some text, no format", "no known format"}}) {
    const Ran ran = braid({"-d"}, input);
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(ran.err.starts_with("braid: standard input: ")) << ran.err;
    EXPECT_NE(ran.err.find(message), std::string::npos) << ran.err;
  }
  const std::string packed = braid({"-F", "gzip"}, sample()).out;
  const Ran cut = braid({"-t"}, packed.substr(0, packed.size() - 1));
  EXPECT_EQ(cut.code, 1);
  EXPECT_NE(cut.err.find("offset"), std::string::npos) << cut.err;
}

TEST_F(Streams, reads_formats_without_signature_when_told) {
  const std::string packed = braid({"-F", "brotli"}, sample()).out;
  EXPECT_EQ(braid({"-d", "-F", "br"}, packed).out, sample());
  write("a.br", packed);
  EXPECT_EQ(braid({"-dc", "a.br"}).out, sample());
}

TEST_F(Streams, refuses_trailing_garbage) {
  const Ran ran = braid({"-d"}, braid({"-F", "gzip"}, sample()).out + "garbage");
  EXPECT_EQ(ran.code, 1);
}

TEST_F(Streams, restores_streams_behind_one_another) {
  const std::string one = braid({"-F", "xz"}, "one ").out;
  EXPECT_EQ(braid({"-d"}, one + braid({"-F", "xz"}, "two").out).out, "one two");
}

TEST_F(Streams, copies_unknown_data_only_when_forced_to_stdout) {
  EXPECT_EQ(braid({"-dcf"}, "plain text").out, "plain text");
  EXPECT_EQ(braid({"-dcf"}, "").code, 0);
  EXPECT_EQ(braid({"-dc"}, "plain text").code, 1);
  EXPECT_EQ(braid({"-dcf", "-F", "gzip"}, "plain text").code, 1);
}

TEST_F(Streams, dies_quietly_by_sigpipe_when_the_reader_is_gone) {
  Pipe pipe;
  pipe.close_read();
  const Ran ran =
      run({.arguments = {"-c"}, .input = sample(), .stdout_descriptor = pipe.write_end()});
  EXPECT_EQ(ran.code, 128 + SIGPIPE);
  EXPECT_EQ(ran.err, "");
}

TEST_F(Streams, dies_by_sigpipe_when_the_reader_of_a_list_is_gone) {
  write("a", braid({}, sample()).out);
  Pipe pipe;
  pipe.close_read();
  const Ran ran = run({.arguments = {"-l", "a"}, .stdout_descriptor = pipe.write_end()});
  EXPECT_EQ(ran.code, 128 + SIGPIPE);
}

TEST_F(Streams, fails_when_the_device_is_full) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  const Ran ran = run({.arguments = {"-c"}, .input = sample(), .stdout_descriptor = full});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("standard output"), std::string::npos) << ran.err;
  const Ran list = run({.arguments = {"--version"}, .stdout_descriptor = full});
  EXPECT_EQ(list.code, 1);
  close(full);
}

TEST_F(Streams, fails_when_standard_output_or_input_is_closed) {
  write("a", sample());
  for (const int descriptor : {0, 1}) {
    const Ran ran = run({.arguments = {"-c"}, .input = sample(), .closed = {descriptor}});
    EXPECT_EQ(ran.code, 1) << descriptor;
    EXPECT_NE(ran.err, "");
  }
  // A file must not become standard output by being the first that is opened.
  EXPECT_EQ(run({.arguments = {"-c", "a"}, .closed = {1}}).code, 1);
  EXPECT_EQ(read("a"), sample());
  EXPECT_EQ(run({.arguments = {"a"}, .closed = {0, 1, 2}}).code, 0);
  EXPECT_EQ(braid({"-dc", "a.zst"}).out, sample());
}

TEST_F(Streams, does_not_write_compressed_data_to_a_terminal) {
  Terminal terminal;
  const Ran ran = run({.arguments = {}, .input = "x", .stdout_descriptor = terminal.descriptor()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("terminal"), std::string::npos) << ran.err;
  EXPECT_EQ(
      run({.arguments = {"-f"}, .input = "x", .stdout_descriptor = terminal.descriptor()}).code, 0);
  const std::string packed = braid({}, "plain").out;
  EXPECT_EQ(
      run({.arguments = {"-d"}, .input = packed, .stdout_descriptor = terminal.descriptor()}).code,
      0);
  terminal.read_until("plain");
}

TEST_F(Streams, does_not_read_compressed_data_from_a_terminal) {
  Terminal terminal;
  for (const std::string action : {"-d", "-t", "-l"}) {
    const Ran ran = run({.arguments = {action}, .stdin_descriptor = terminal.descriptor()});
    EXPECT_EQ(ran.code, 2);
    EXPECT_NE(ran.err.find("terminal"), std::string::npos) << ran.err;
  }
}

TEST_F(Streams, asks_at_a_terminal_before_it_replaces_a_file) {
  write("a", sample());
  write("a.zst", "precious");
  Terminal terminal;
  const Call how{.arguments = {"-q", "a"},
                 .stdin_descriptor = terminal.descriptor(),
                 .stderr_descriptor = terminal.descriptor()};
  Process declined(folder_, how);
  terminal.read_until("[y/N] ");
  terminal.type("n\n");
  EXPECT_EQ(declined.wait().code, 1);
  EXPECT_EQ(read("a.zst"), "precious");
  Process agreed(folder_, how);
  terminal.read_until("[y/N] ");
  terminal.type("yes\n");
  EXPECT_EQ(agreed.wait().code, 0);
  EXPECT_EQ(braid({"-dc", "a.zst"}).out, sample());
}

class Stopped : public Streams, public ::testing::WithParamInterface<int> {};

TEST_P(Stopped, leaves_no_file_and_dies_by_the_signal) {
  Pipe pipe;
  Pipe trace;
  Process process(folder_, {.arguments = {"-o", "out.gz", "-vv"},
                            .stdin_descriptor = pipe.read_end(),
                            .stderr_descriptor = trace.write_end()});
  // The line about threads comes when signals are dealt with; then it waits for input.
  char c = 0;
  ASSERT_EQ(::read(trace.read_end(), &c, 1), 1);
  pipe.write(sample());
  kill(process.id(), GetParam());
  EXPECT_EQ(process.wait().code, 128 + GetParam());
  EXPECT_EQ(names(), Names{});
}

INSTANTIATE_TEST_SUITE_P(Signals, Stopped, ::testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST_F(Streams, goes_on_under_a_signal_that_was_ignored_from_the_start) {
  Pipe pipe;
  Pipe trace;
  Process process(folder_, {.arguments = {"-o", "out.gz", "-vv"},
                            .environment = {{"CLI_TEST_IGNORE", std::to_string(SIGHUP)}},
                            .stdin_descriptor = pipe.read_end(),
                            .stderr_descriptor = trace.write_end()});
  char c = 0;
  ASSERT_EQ(::read(trace.read_end(), &c, 1), 1);
  kill(process.id(), SIGHUP);
  pipe.write(sample());
  pipe.close_write();
  EXPECT_EQ(process.wait().code, 0);
  EXPECT_EQ(braid({"-dc", "out.gz"}).out, sample());
}

TEST_F(Streams, stays_silent_or_speaks_as_told) {
  write("a", sample());
  EXPECT_EQ(braid({"-qf", "a"}).err, "");
  EXPECT_EQ(braid({"-q", "missing"}).code, 1);
  EXPECT_NE(braid({"-q", "missing"}).err, "");
  EXPECT_EQ(braid({"-qq", "missing"}).err, "");
  const Ran told = braid({"-vf", "a"});
  EXPECT_TRUE(told.err.starts_with("a: ")) << told.err;
  EXPECT_NE(told.err.find(std::to_string(sample().size()) + " => "), std::string::npos) << told.err;
  EXPECT_NE(told.err.find("bytes, a.zst)"), std::string::npos) << told.err;
  EXPECT_NE(braid({"-vvf", "-T1", "a"}).err.find("threads: 1"), std::string::npos);
}

TEST_F(Streams, prints_what_the_threads_did) {
  const Ran ran = braid({"--stats", "-T1"}, sample());
  EXPECT_EQ(ran.code, 0);
  for (const std::string word : {"threads  1", "calls    1", "memory   ", "stages   ", "lane"}) {
    EXPECT_NE(ran.err.find(word), std::string::npos) << ran.err;
  }
}

TEST_F(Streams, does_not_replace_a_file_by_a_trace) {
  write("trace", "precious");
  EXPECT_EQ(braid({"-c", "--trace", "trace"}, sample()).code, 1);
  EXPECT_EQ(read("trace"), "precious");
}

TEST_F(Streams, draws_progress_on_a_terminal_and_erases_it) {
  write("a", sample());
  Terminal terminal;
  // So little work is done before the line is first drawn; what matters is that nothing is left.
  Process process(folder_, {.arguments = {"-v", "a"}, .stderr_descriptor = terminal.descriptor()});
  EXPECT_EQ(process.wait().code, 0);
  EXPECT_NE(terminal.read_until("a.zst)").find("a: "), std::string::npos);
}

}  // namespace
}  // namespace cli_test
