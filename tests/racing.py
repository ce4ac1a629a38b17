"""Several people at the same moment, for tests that commit."""

import threading

from django.db import connections, transaction


def at_once(*acts, together: bool = True) -> list[Exception]:
    """Do several things at the same moment, each on a connection of its own; returns what went wrong.

    Each is one transaction, as a request is; with ``together=False`` what is done opens its own.
    """
    start, wrong = threading.Barrier(len(acts)), []

    def run(one):
        try:
            start.wait(5)
            if together:
                with transaction.atomic():
                    one()
            else:
                one()
        except Exception as problem:
            wrong.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return wrong
