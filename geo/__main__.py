"""``python -m geo`` is the command ``retorno``."""

import sys

from geo.cli import main

sys.exit(main())
