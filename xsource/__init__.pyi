from xsource.library import Compared as Compared
from xsource.library import OpenIndex as OpenIndex
from xsource.library import Records as Records
from xsource.library import open_index as open_index

__version__: str
