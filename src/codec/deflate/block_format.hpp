#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// The fixed numbers of RFC 1951.
namespace braid::codec::deflate {

// Farthest that a match may reach back, section 3.2.5, and its logarithm.
inline constexpr std::size_t max_distance = 32768;
inline constexpr int max_window_log = 15;

inline constexpr unsigned type_bits = 3;  // of a block: BFINAL and BTYPE

inline constexpr unsigned most_literals = 286;  // section 3.2.7: HLIT + 257
inline constexpr unsigned most_distances = 30;  // 30 and 31 never occur, section 3.2.6
inline constexpr unsigned end_of_block = 256;

// What a length or distance symbol stands for: `base` and more, by as many extra bits.
struct SymbolRange {
  std::uint16_t base;
  std::uint8_t extra_bits;
};

// Section 3.2.5. Lengths begin with symbol 257, distances with 0.
inline constexpr unsigned first_length_symbol = 257;
inline constexpr std::array<SymbolRange, 29> length_ranges = {
    {{3, 0},  {4, 0},  {5, 0},  {6, 0},   {7, 0},   {8, 0},   {9, 0},   {10, 0},  {11, 1}, {13, 1},
     {15, 1}, {17, 1}, {19, 2}, {23, 2},  {27, 2},  {31, 2},  {35, 3},  {43, 3},  {51, 3}, {59, 3},
     {67, 4}, {83, 4}, {99, 4}, {115, 4}, {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}};

inline constexpr std::array<SymbolRange, most_distances> distance_ranges = {
    {{1, 0},     {2, 0},     {3, 0},     {4, 0},      {5, 1},      {7, 1},
     {9, 2},     {13, 2},    {17, 3},    {25, 3},     {33, 4},     {49, 4},
     {65, 5},    {97, 5},    {129, 6},   {193, 6},    {257, 7},    {385, 7},
     {513, 8},   {769, 8},   {1025, 9},  {1537, 9},   {2049, 10},  {3073, 10},
     {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}}};

inline constexpr unsigned shortest_match = 3;
inline constexpr unsigned longest_match = 258;

// Longest codes of the trees, section 3.2.7.
inline constexpr unsigned longest_code = 15;
inline constexpr unsigned longest_precode = 7;

// The code of the code lengths, and the order in which a header states its own lengths, section
// 3.2.7.
inline constexpr unsigned precode_symbols = 19;
inline constexpr std::array<std::uint8_t, precode_symbols> precode_order = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

}  // namespace braid::codec::deflate
