"""The Safety and Support reviews of a case as they were made: the latest, the first, and the scores of each."""

from casework.models import Case, SasReview, SasScore


def reviews_of(case: Case):
    """The reviews of a case, oldest first, each with its instrument and who made it."""
    return (
        SasReview.objects.filter(case=case)
        .select_related("instrument", "recorded_by")
        .order_by("reviewed_at", "recorded_at")
    )


def latest_review(case: Case, *kinds: str) -> SasReview | None:
    """The latest review of a case (of these kinds, where named), by when it was made with the client."""
    reviews = SasReview.objects.filter(case=case)
    if kinds:
        reviews = reviews.filter(kind__in=kinds)
    return (
        reviews.select_related("instrument", "recorded_by").order_by("-reviewed_at", "-recorded_at").first()
    )


def scores_by_review(case: Case) -> dict:
    """The scores of every review of a case in one query: review key → domain → ``risk``, ``need``, ``protective``, ``note``."""
    found: dict = {}
    rows = SasScore.objects.filter(case=case).values(
        "review_id", "domain", "risk", "need", "protective", "note"
    )
    for row in rows:
        found.setdefault(row["review_id"], {})[row["domain"]] = row
    return found


def scores_of(review: SasReview | None) -> dict[str, dict]:
    """The scores of one review by domain; empty where there is no review."""
    if review is None:
        return {}
    rows = SasScore.objects.filter(review=review).values("domain", "risk", "need", "protective", "note")
    return {row["domain"]: dict(row) for row in rows}
