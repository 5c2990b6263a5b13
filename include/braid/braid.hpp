#pragma once

// Everything. Each header also stands alone.
#include <braid/algorithm.hpp>
#include <braid/archive.hpp>
#include <braid/archive_edit.hpp>
#include <braid/archive_reader.hpp>
#include <braid/archive_writer.hpp>
#include <braid/bytes.hpp>
#include <braid/codec.hpp>
#include <braid/config.hpp>
#include <braid/counter.hpp>
#include <braid/engine.hpp>
#include <braid/error.hpp>
#include <braid/error_reporter.hpp>
#include <braid/executor.hpp>
#include <braid/file.hpp>
#include <braid/inspect.hpp>
#include <braid/result.hpp>
#include <braid/run.hpp>
#include <braid/seekable_reader.hpp>
#include <braid/shared_compressor.hpp>
#include <braid/stream.hpp>
#include <braid/thread_pool.hpp>
#include <braid/topology.hpp>
