"""Puts the shipped corpora into the wheel, where `xsource demo` finds them; pyproject.toml says all else."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCorpora(build_py):
    """Copies `corpora/` beside the modules. An editable installation reads them where they are."""

    def run(self) -> None:
        """Build the modules, then add the corpora."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "xsource", "corpora")
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree("corpora", target)


setup(cmdclass={"build_py": BuildWithCorpora})
