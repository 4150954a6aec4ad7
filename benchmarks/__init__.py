"""How fast xsource is beside what one would use otherwise: `python -m benchmarks`, or `make bench`.

Each side of a comparison runs in a process of its own, started for it, with as many threads as the other,
warmed up before its time is taken, several times over; the median counts. Where both sides can be held to one
thread, they are, and CPU-seconds are compared: what other programs of the machine do hardly shows in these.

    measuring       a case in a fresh process; a whole program from start to end
    results         rows, tables, the machine, RESULTS.md
    texts           sentences, articles and vectors to measure with
    corpus          articles of any number, composed of parallel sentences; a program as well
    made_index      a real index of such articles whose vectors are made, so that nothing is embedded
    embedding, translation, alignment, building, searching, comparing, growth       one subject each
    obvious_script  what one would write without xsource: the other side of `building`

A subject is a module with `TITLE`, `SIZES` (`small` and `full`) and `compare(size, repeats) -> Section`.

Two programs beside the subjects look closer: `build_scale` at the stages of a build, with any embedder, and
`index_scale` at recall and speed of the search index.
"""
