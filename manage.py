#!/usr/bin/env python3
"""The one command of the service: `demo` and `test` need nothing but Python, every other word goes to Django."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - says so, where the imports below would only fail
        sys.exit("This needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])  # noqa: UP031
    from isva.bootstrap import start

    sys.exit(start.main(sys.argv))
