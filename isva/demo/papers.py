"""Documents of the fictional cases: a few letters and assessments, each a page of plain text that says it is invented."""

import datetime as dt

from casework.documents import add_document, withdraw_document
from casework.models import Document
from isva.access.acting import act
from isva.clock.moment import at
from isva.demo.stage import Ground

#: Cases of each service that have papers.
CASES = 8
PAPERS = (
    (Document.Kind.RISK_ASSESSMENT, "Risk assessment that came with the referral", "Answers given by the referrer: 9 of 24."),
    (Document.Kind.AGREEMENT, "Signed client agreement", "We talked through what we do, what stays between us and what cannot."),
    (Document.Kind.LETTER, "Letter to the housing officer", "We support this tenant and ask you to look at the move first."),
)  # fmt: skip


def put(ground: Ground) -> None:
    """Lay papers with the first active cases of a service; on one of them a paper was withdrawn again."""
    for position, life in enumerate(ground.lives["active"][:CASES]):
        with act(life.isva, ground.service):
            for number, (kind, title, text) in enumerate(PAPERS[: 1 + position % len(PAPERS)]):
                with at(min(life.isva_since + dt.timedelta(days=2 + 5 * number), ground.now)):
                    document = add_document(
                        life.case, kind=kind, title=title, content=f"Everything here is invented.\n\n{text}\n".encode(),
                        by=life.isva,
                    )  # fmt: skip
            if position == 2:
                withdraw_document(document, why="Replaced by a newer letter", by=life.isva)
