"""The cast, played in tests: ``people["isva"]`` is Iris Ivy, and so on (see ``isva/demo/cast.py``).

What each may see, in one line: managers see every case of their service; the coordinator sees the intake
stages and stepped-down cases; an ISVA sees what was granted to them; the clinical supervisor, the
commissioner and the records lead see no case at all; nobody sees the other service.
"""

from isva.demo.cast import PERSONAS

ALL = tuple(persona.key for persona in PERSONAS)
PASSWORD = "eleven-quiet-rivers"
