"""The command line `nuanlin`. Imports everything else, but heavy rooms only inside the commands that need them.

`api.cli:main` is the console script; scripts outside rely on its options, JSON shapes and exit codes.
"""

from __future__ import annotations

from api.cli.main import main

__all__ = ["main"]
