"""Services, people, and who belongs where in what role; their working profile, leave and invitations."""

import datetime as dt
import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.ranges import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from isva.access.acting import acting_person
from isva.access.roles import SERVICE_PERMISSIONS, Permission, Role
from isva.clock.moment import today
from isva.codes import Language, Sex, Specialism
from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class UserManager(BaseUserManager):
    """Users are found by their e-mail address in any case."""

    def create_user(self, *, email: str, name: str, password: str | None = None, **fields):
        """Make a user who can sign in, or, without a password, one who is yet to choose one."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, or a named system user. Nobody is a superuser: the database refuses one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    last_login = None  # who signed in when belongs to the access log, not to this row

    history = RecordHistory(needs_person=False, excluded_fields=["password"])
    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_is_unique"),
            models.CheckConstraint(condition=Q(is_superuser=False), name="nobody_is_a_superuser"),
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split()[0] if self.name else ""


def _default_complexity_weights() -> dict:
    from isva.codes import COMPLEXITY_WEIGHTS

    return dict(COMPLEXITY_WEIGHTS)


class Service(models.Model):
    """One ISVA service: its doors to the public, its area and cohort, and its own numbers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address of the public forms"), unique=True)
    phone = models.CharField(_("phone"), max_length=40)
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    elsewhere = models.TextField(_("where else to go"), blank=True)
    areas = ArrayField(models.CharField(max_length=80), verbose_name=_("areas"), default=list)
    age_from = models.PositiveSmallIntegerField(_("usual age from"), default=0)
    age_to = models.PositiveSmallIntegerField(_("usual age to"), null=True, blank=True)

    attempts_before_unable_to_contact = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(2)]
    )
    reopening_days = models.PositiveSmallIntegerField(default=90)
    retention_years = models.PositiveSmallIntegerField(default=7)
    complexity_weights = models.JSONField(default=_default_complexity_weights)
    weight_lower = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    weight_medium = models.DecimalField(max_digits=3, decimal_places=2, default=1.5)
    weight_higher = models.DecimalField(max_digits=3, decimal_places=2, default=2)
    trainee_complexity_limit = models.CharField(max_length=10, default="lower")

    history = RecordHistory(needs_person=False)

    class Meta:
        permissions = [(permission.value, str(words)) for permission, words in SERVICE_PERMISSIONS.items()]

    def __str__(self):
        return self.name


class ServiceUserObjectPermission(UserObjectPermissionBase):
    """guardian's row: this user holds this permission on this service."""

    content_object = models.ForeignKey(Service, on_delete=models.CASCADE)


class ServiceGroupObjectPermission(GroupObjectPermissionBase):
    """guardian asks for the table of groups; the product gives no permission to a group."""

    content_object = models.ForeignKey(Service, on_delete=models.CASCADE)


class MembershipQuerySet(OfServiceQuerySet):
    """Memberships, narrowed to those that count."""

    def live(self, day: dt.date | None = None):
        """Those that have begun and not ended on a day (today, unless told), of people whose account is open."""
        day = day or today()
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, user__is_active=True
        )


class Membership(ServiceRecord):
    """A person belongs to a service in one or more roles, from a day and perhaps until one."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=30, choices=Role), verbose_name=_("roles"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    history = RecordHistory(needs_person=False)
    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "user"], name="one_membership_per_service"),
            models.UniqueConstraint(fields=["service", "id"], name="membership_of_service"),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="membership_has_a_role"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
        ]

    def role_names(self) -> str:
        """The roles in words, as the screens show them."""
        return ", ".join(str(Role(role).label) for role in self.roles)


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")


def _monday_to_friday() -> list[int]:
    return list(Weekday.values)


class StaffProfile(ServiceRecord):
    """What allocation needs to know about a member of staff: hours, cap, what they can do, where."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="profile")
    weekly_hours = models.DecimalField(
        _("hours a week"), max_digits=4, decimal_places=1, default=37.5,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
    )  # fmt: skip
    caseload_cap = models.PositiveSmallIntegerField(
        _("caseload cap"), default=35, validators=[MaxValueValidator(200)]
    )
    specialisms = ArrayField(
        models.CharField(max_length=30, choices=Specialism),
        verbose_name=_("specialisms"),
        default=list,
        blank=True,
    )
    languages = ArrayField(
        models.CharField(max_length=30, choices=Language),
        verbose_name=_("languages"),
        default=list,
        blank=True,
    )
    areas = ArrayField(models.CharField(max_length=80), verbose_name=_("areas"), default=list, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex, blank=True)
    qualification = models.CharField(_("accredited qualification"), max_length=120, blank=True)
    qualified_on = models.DateField(_("qualified on"), null=True, blank=True)
    works_on = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        verbose_name=_("days at work"),
        default=_monday_to_friday,
    )
    begins_at = models.TimeField(_("begins work at"), null=True, blank=True)
    # Kept by the person themselves, compared with the addresses of clients they look at, and shown to nobody else.
    home_postcode = ProtectedText(_("home postcode"), max_length=10)

    history = RecordHistory(needs_person=False, excluded_fields=["home_postcode"])
    objects = OfServiceQuerySet.as_manager()

    @property
    def is_trainee(self) -> bool:
        """Whether limits for ISVAs in training apply (statutory guidance 38)."""
        return Role.TRAINEE in self.membership.roles

    @property
    def supports_children(self) -> bool:
        """Whether this is a CHISVA (statutory guidance 18 and 36)."""
        return Specialism.CHILDREN in self.specialisms


class _DateSpan(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Leave(ServiceRecord):
    """Days on which a member of staff is away, and who covers for them."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("Annual leave")
        SICK = "sick", _("Sickness")
        COURT = "court", _("Court")
        PARENTAL = "parental", _("Parental leave")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other absence")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="leave")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    history = RecordHistory(needs_person=False)
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="leave_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="leave_does_not_overlap",
                expressions=[
                    ("membership", RangeOperators.EQUAL),
                    (_DateSpan("first_day", "last_day", models.Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class ReturnTalkQuerySet(OfServiceQuerySet):
    """Talks after sickness: read by the person, and by whoever supervises the staff."""

    def visible_to(self, user):
        """The talks that ``user`` had; those of everybody for the managers of the service."""
        rows, person = super().visible_to(user), acting_person()
        if person is not None and person.can(Permission.SUPERVISE):
            return rows
        return rows.filter(leave__membership__user=user)


class ReturnTalk(ServiceRecord):
    """A manager talked with somebody who came back after sickness: on which day, and what was agreed."""

    leave = models.OneToOneField(Leave, on_delete=models.PROTECT, related_name="return_talk")
    held_on = models.DateField(_("day of the talk"))
    agreed = ProtectedText(_("what was agreed"), max_length=2000, blank=False)
    talked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory()
    objects = ReturnTalkQuerySet.as_manager()


class DeclaredConnection(ServiceRecord):
    """A person a member of staff (or their household) knows: the conflict check looks for them in referrals.

    Kept with the staff record, seen by the person themselves and the records lead.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="connections")
    name = ProtectedText(_("name"), max_length=200, blank=False)
    relationship = ProtectedText(_("how you know them"), max_length=200)

    history = RecordHistory(needs_person=False)
    objects = OfServiceQuerySet.as_manager()


class Invitation(ServiceRecord):
    """An invitation to join a service: a secret link by e-mail, good for a week, for one person in set roles."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    roles = ArrayField(models.CharField(max_length=30, choices=Role), verbose_name=_("roles"))
    reason = ProtectedText(_("why, without the training it needs"), max_length=700)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    history = RecordHistory(needs_person=False, excluded_fields=["token_hash"])
    objects = OfServiceQuerySet.as_manager()


class Visit(models.Model):
    """One signed-in session of a person, so that they can see where they are signed in, and end it.

    Gone with the session; who signed in when, for good, belongs to the access log.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField(db_index=True)
    device = models.CharField(max_length=80)
    address = models.GenericIPAddressField(null=True)


def _keys_of_who_was_told() -> ArrayField:
    """Whom a letter reached already, until ``letter_at`` says that it reached everybody: nobody is told twice.

    The database knows the default too: what still runs of an earlier release while this one is set up names no such column.
    """
    return ArrayField(models.UUIDField(), default=list, db_default=[], blank=True)


class FactorReset(ServiceRecord):
    """A lost second factor was taken away by a records lead, who had checked who asked; the person sets up a new one."""

    class Checked(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        VIDEO = "video", _("By video, and I know their face")
        PHONE = "phone", _("By phone, on a number we already had")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked = models.CharField(_("how you checked that it is them"), max_length=10, choices=Checked)
    reset_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reset_at = models.DateTimeField()
    told = _keys_of_who_was_told()
    letter_at = models.DateTimeField(null=True, blank=True)

    history = RecordHistory(needs_person=False, excluded_fields=["told", "letter_at"])
    objects = OfServiceQuerySet.as_manager()


class RoleChange(ServiceRecord):
    """What somebody is in a service was changed, or they joined it; they, its managers and its records leads are told."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    before = ArrayField(models.CharField(max_length=30, choices=Role), default=list)
    after = ArrayField(models.CharField(max_length=30, choices=Role))
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    reason = ProtectedText(_("why, without the training it needs"), max_length=700)
    told = _keys_of_who_was_told()
    letter_at = models.DateTimeField(null=True, blank=True)

    history = RecordHistory(needs_person=False, excluded_fields=["told", "letter_at"])
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "-changed_at"])]
