#!/usr/bin/env python3
"""Draws a trace that braid wrote (--trace FILE, Engine::trace_json()) as an SVG picture.

  bench/trace_picture.py TRACE.json PICTURE.svg

One row a thread; a bar for each thing it did, coloured by what it was.
"""
import json
import sys
from html import escape

COLOURS = ["#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e45756", "#72b7b2"]
WIDTH, ROW, LEFT, TOP = 960, 34, 90, 40


def main():
    events = json.load(open(sys.argv[1]))
    events = events["traceEvents"] if isinstance(events, dict) else events
    names = {e["tid"]: e["args"]["name"] for e in events
             if e["ph"] == "M" and e["name"] == "thread_name"}
    bars = [e for e in events if e["ph"] == "X"]
    start = min(e["ts"] for e in bars)
    end = max(e["ts"] + e["dur"] for e in bars)
    scale = (WIDTH - LEFT - 20) / (end - start)
    threads = sorted({e["tid"] for e in bars})
    kinds = sorted({e["name"] for e in bars})
    colour = {kind: COLOURS[i % len(COLOURS)] for i, kind in enumerate(kinds)}
    height = TOP + ROW * len(threads) + 40
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>']
    for i, kind in enumerate(kinds):
        x = LEFT + 120 * i
        out.append(f'<rect x="{x}" y="12" width="12" height="12" fill="{colour[kind]}"/>'
                   f'<text x="{x + 17}" y="22">{escape(kind)}</text>')
    for row, thread in enumerate(threads):
        y = TOP + ROW * row
        out.append(f'<text x="8" y="{y + 17}">{escape(names.get(thread, str(thread)))}</text>')
        for e in (e for e in bars if e["tid"] == thread):
            x = LEFT + (e["ts"] - start) * scale
            out.append(f'<rect x="{x:.1f}" y="{y}" width="{max(e["dur"] * scale, 0.6):.1f}" '
                       f'height="{ROW - 10}" fill="{colour[e["name"]]}" stroke="#ffffff" '
                       f'stroke-width="0.4"/>')
    y = TOP + ROW * len(threads) + 18
    for tick in range(0, 11):
        x = LEFT + (WIDTH - LEFT - 20) * tick / 10
        out.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{TOP - 6}" y2="{y - 14}" '
                   'stroke="#00000022"/>'
                   f'<text x="{x:.0f}" y="{y}" text-anchor="middle">'
                   f'{(end - start) * tick / 10 / 1000:.0f} ms</text>')
    out.append("</svg>")
    open(sys.argv[2], "w").write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
