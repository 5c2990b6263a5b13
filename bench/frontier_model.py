#!/usr/bin/env python3
"""How fast a frontier and excerpts would be on more cores than there are here.

Replays the schedule of src/engine/frontier_jobs.cpp with the stage costs that
bench_ahead_stages measured, for a file that is long enough for its ends not to count. Cores are taken
to be as fast together as alone, and memory and the sink to keep up: an upper bound, exact where
this machine can check it.

  bench/frontier_model.py --frontier 1140 --decode 990 --fill 3300 --segment 2.1
"""
import argparse
import heapq


def simulate(threads, frontier, decode, fill, leap, count):
    """Seconds for `count` segments that cost the frontier `frontier` seconds each."""
    window, excerpts = 2 * threads + 4, threads + 3
    state = ["waiting"] * count  # decoding, ready, taken, leaped, done
    here, now = 0, 0.0
    frontier_busy, awaited = False, None
    free = threads
    to_fill, filled = [], set()
    events = []  # (time, number, kind, segment)
    serial = 0

    def start(duration, kind, segment):
        nonlocal serial, free
        serial += 1
        free -= 1
        heapq.heappush(events, (now + duration, serial, kind, segment))

    written = 0
    while written < count:
        while free:
            limit = min(count, written + window)
            if not frontier_busy and here < limit:
                if state[here] == "ready":
                    state[here], frontier_busy = "leaped", True
                    start(leap, "leap", here)
                    continue
                if state[here] == "waiting":
                    state[here], frontier_busy = "taken", True
                    start(frontier, "frontier", here)
                    continue
            if to_fill:
                start(fill, "fill", to_fill.pop(0))
                continue
            held = sum(state[i] in ("decoding", "ready", "leaped") for i in range(written, limit))
            waiting = [i for i in range(here + 1, limit) if state[i] == "waiting"]
            if len(waiting) > 1 and held < excerpts:
                state[waiting[1]] = "decoding"
                start(decode, "decode", waiting[1])
                continue
            break
        now, _, kind, segment = heapq.heappop(events)
        free += 1
        if kind == "frontier":
            state[segment], frontier_busy, here = "done", False, here + 1
        elif kind == "leap":
            frontier_busy, here = False, here + 1
            to_fill.append(segment)
        elif kind == "fill":
            state[segment] = "done"
        else:
            state[segment] = "ready"
        while written < count and state[written] == "done":
            written += 1
    return now


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("frontier", "decode", "fill"):
        parser.add_argument(f"--{name}", type=float, required=True, help="MB/s of plain bytes")
    parser.add_argument("--segment", type=float, required=True, help="plain MB of a segment")
    parser.add_argument("--leap", type=float, default=40, help="microseconds")
    options = parser.parse_args()
    count = 2000
    size = options.segment
    for threads in (1, 2, 4, 8, 16, 64):
        seconds = simulate(threads, size / options.frontier, size / options.decode,
                           size / options.fill, options.leap / 1e6, count)
        speed = count * size / seconds
        print(f"{threads:3} threads {speed:8.0f} MB/s {speed / options.frontier:6.2f} x one")


if __name__ == "__main__":
    main()
