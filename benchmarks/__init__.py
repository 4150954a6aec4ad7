"""How fast xsource is beside what one would use otherwise: `python -m benchmarks`, or `make bench`.

Each side of a comparison runs in a process of its own, started for it, with as many threads as the other,
warmed up before its time is taken, several times over; the median counts. Where both sides can be held to one
thread, they are, and CPU-seconds are compared: what other programs of the machine do hardly shows in these.

    measuring       a case in a fresh process; a whole program from start to end
    results         rows, tables, the machine, RESULTS.md
    texts           sentences, articles and vectors to measure with
    embedding, translation, alignment, building, searching, growth       one subject each
    obvious_script  what one would write without xsource: the other side of `building`

A subject is a module with `TITLE`, `SIZES` (`small` and `full`) and `compare(size, repeats) -> Section`.
"""
