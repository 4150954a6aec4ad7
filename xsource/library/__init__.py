"""xsource as a library: an index opened once and asked many times; answers that a notebook shows.

    import xsource

    with xsource.open_index("index") as index:
        index.search("hostages and a ceasefire", top=5).to_pandas()
        index.who_reports("More than 7,000 people have been killed")
        index.compare().divergences.to_pandas()

Every answer is a sequence of the records of `xsource.records`.
"""

from xsource.library.building import build
from xsource.library.compared import Compared
from xsource.library.opened import OpenIndex, open_index
from xsource.library.records import Records

__all__ = ["Compared", "OpenIndex", "Records", "build", "open_index"]
