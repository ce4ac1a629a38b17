"""What a report may show without showing anybody: small counts stay out, and so does whatever would give them away.

``rules.py`` says what is small and what has to stay possible; ``system.py`` puts the tables of all reports together to
one system of sums; ``hiding.py`` finds what else is hidden, so that no sum gives a small count away. Nobody switches it
off: there is no setting for it, in no report.
"""

from reporting.suppression.hiding import CannotProtect, suppress
from reporting.suppression.shown import Shown, ShownFigure

__all__ = ["CannotProtect", "Shown", "ShownFigure", "suppress"]
