"""The map: where the stages meet, and the only place where they do.

        per article, incremental, kept in the index               across articles, recomputed, only reads
    files -> ingest -> segment -> embed -> store -> translate  |  stories -> align -> compare -> report

- `building/`: the left half: slow, touches models, skips what it knows. `build.py` puts it together: files to
  sentences (`preparing.py`), `sentence_vectors.py`, `translating.py`; stages overlap (`ahead.py`).
- `fetching.py`: pages from the network, kept raw, then built.
- `sharding/`: what several machines built in one index: `shard.py` says who builds what, `merging.py` puts it
  together, `on_ray.py` runs it on a cluster.
- `reading/`: the right half: `reader.py` gives articles and stories, `searching.py` finds sentences,
  `asking.py` puts a claim to every outlet, `comparing.py` compares a story, `versions.py` the texts of a page.
- `reviewing/`: what analysts say of divergences (`verdicts.py`), and which one is which (`recognising.py`).
- `daily/`: what is new since somebody last looked; `known.py` compares each story once, `changes.py` holds two
  states against each other, `news.py` makes an edition of it.
- `following/`: claims that are followed: `follows.py` takes them up, `noting.py` asks the outlets after every
  build, `timeline.py` puts what they said in order.
- `upkeep.py`: what should go, and whether an index is whole.

The names are in `__init__.pyi`. Each is loaded when it is first used: a command that lists packages need not
load what compares claims.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
