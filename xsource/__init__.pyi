from .library import Compared as Compared
from .library import OpenIndex as OpenIndex
from .library import Records as Records
from .library import build as build
from .library import open_index as open_index

__version__: str
