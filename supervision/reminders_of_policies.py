"""What falls due with the policies of the service: their review, and reading them."""

from django.db.models import DateField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Greatest, TruncDate
from django.utils.translation import gettext_lazy as _

from isva.clock.numbers import Number
from isva.clock.rows import counted
from isva.clock.rules import About, Rule, Scope, Section, Who, register
from isva.clock.terms import own_day, working_days_after
from supervision.models import PolicyReading
from supervision.policies import RULE, UNREAD, in_force, readers


def _reviews(scope: Scope):
    """Versions in force, by the day of their next review."""
    rows = in_force(scope.service).filter(review_due_on__lte=scope.last_day)
    return counted(rows, case="", since="review_due_on", detail="policy__title")


def _unread(scope: Scope):
    """Everybody who has something to read, since the first of it was there to be read by them."""
    mine = PolicyReading.objects.filter(version=OuterRef("pk"), user=OuterRef(OuterRef("user")))
    versions = in_force(scope.service).filter(~Exists(mine)).annotate(
        since=Greatest("adopted_on", TruncDate("recorded_at"), OuterRef("starts_on"), output_field=DateField())
    )  # fmt: skip
    first = Subquery(versions.order_by("since").values("since")[:1])
    rows = readers(scope.service).annotate(to_read_since=first).filter(~Q(to_read_since=None))
    return counted(
        rows.select_related(None),
        case="",
        record="user_id",
        since="to_read_since",
        holder="user",
        detail="user__name",
    )


RULES = (
    Rule(
        name=RULE, words=_("Policy to be reviewed"), section=Section.STAFF, about=About.SERVICE,
        says=_("A policy is reviewed by its own day, which is told 30 days before."),
        rows=_reviews, falls=own_day, belongs_to=Who.MANAGER, page="list_policies", notice=30,
    ),
    Rule(
        name=UNREAD, words=_("Policies to read"), section=Section.STAFF, about=About.SERVICE,
        says=_("Everybody reads a policy some working days after it was adopted, or after they have joined; then the manager is told."),
        rows=_unread, falls=working_days_after("policy_read_days"), belongs_to=Who.PERSON, then=Who.MANAGER,
        page="my_policies",
        numbers=(Number("policy_read_days", 10, _("Working days to read a new policy"), highest=60),),
    ),
)  # fmt: skip

register(*RULES)
