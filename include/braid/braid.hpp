#pragma once

// Everything. Each header also stands alone.
#include <braid/algorithm.hpp>
#include <braid/archive.hpp>
#include <braid/bytes.hpp>
#include <braid/codec.hpp>
#include <braid/config.hpp>
#include <braid/engine.hpp>
#include <braid/error.hpp>
#include <braid/file.hpp>
#include <braid/result.hpp>
#include <braid/run.hpp>
#include <braid/stream.hpp>
