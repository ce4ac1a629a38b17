"""The person, and how it is safe to reach them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.querysets import ClientQuerySet
from isva.codes import (
    ClientSex,
    Disability,
    Ethnicity,
    Format,
    GenderIdentity,
    Language,
    Marital,
    Orientation,
    Pregnancy,
    Religion,
    WorkerSex,
    YesNo,
)  # fmt: skip
from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import ClientRecord, ServiceRecord


class Client(ServiceRecord):
    """The person. Belongs to one service; seen where a case of theirs is seen."""

    name = ProtectedText(_("name"), max_length=200, blank=False)
    known_as = ProtectedText(_("known as"), max_length=100)
    pronouns = ProtectedText(_("pronouns"), max_length=50)
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    age_given = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    age_given_on = models.DateField(null=True, blank=True)

    unreachable_plan = ProtectedText(_("what to do if they cannot be reached"), max_length=1000)
    welfare_check = models.CharField(_("welfare check wanted"), max_length=3, choices=YesNo, blank=True)
    who_must_not_know = ProtectedText(_("who must not know"), max_length=1000)
    suspect_at_home = models.BooleanField(
        _("the suspect lives with, cares for or is cared for by the client"), default=False
    )

    language = models.CharField(_("language"), max_length=20, choices=Language, default=Language.ENGLISH)
    interpreter_needed = models.BooleanField(_("interpreter needed"), default=False)
    interpreter_sex = models.CharField(
        _("preferred interpreter"), max_length=15, choices=WorkerSex, blank=True
    )
    interpreter_not_known = models.BooleanField(
        _("checked that the client does not know the interpreter"), default=False
    )
    formats = ArrayField(models.CharField(max_length=15, choices=Format), default=list, blank=True)
    access_needs = ProtectedText(_("access needs"), max_length=2000)
    preferred_worker_sex = models.CharField(
        _("preferred worker"), max_length=15, choices=WorkerSex, blank=True
    )
    preferred_worker_language = models.CharField(
        _("preferred language of the worker"), max_length=20, choices=Language, blank=True
    )
    preferred_place = ProtectedText(_("where they would like to meet"), max_length=500)
    preferred_times = ProtectedText(_("days and times that suit them"), max_length=500)
    area = models.CharField(_("area"), max_length=80, blank=True)

    sex = models.CharField(_("sex"), max_length=10, choices=ClientSex, blank=True)
    gender_identity = models.CharField(
        _("gender identity"), max_length=15, choices=GenderIdentity, blank=True
    )
    ethnicity = models.CharField(_("ethnic group"), max_length=5, choices=Ethnicity, blank=True)
    religion = models.CharField(_("religion or belief"), max_length=10, choices=Religion, blank=True)
    orientation = models.CharField(_("sexual orientation"), max_length=10, choices=Orientation, blank=True)
    disability = models.CharField(_("disability"), max_length=20, choices=Disability, blank=True)
    marital = models.CharField(_("marriage or civil partnership"), max_length=12, choices=Marital, blank=True)
    pregnancy = models.CharField(_("pregnancy and maternity"), max_length=10, choices=Pregnancy, blank=True)

    history = RecordHistory()
    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "id"], name="client_of_service")]

    def __str__(self):
        return self.called

    @property
    def called(self) -> str:
        """What to call the person."""
        return self.known_as or self.name

    def age_on(self, day) -> int | None:
        """The person's age in whole years on ``day``; from the age that was given where no birth date is known."""
        if self.date_of_birth:
            born = self.date_of_birth
            return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        if self.age_given is not None and self.age_given_on:
            return self.age_given + max(0, (day - self.age_given_on).days // 365)
        return None

    def is_child_on(self, day) -> bool:
        """Whether the person is under 18 on ``day`` (statutory guidance 9); not known counts as adult."""
        age = self.age_on(day)
        return age is not None and age < 18


class SafeContact(ClientRecord):
    """One number, e-mail or postal address, with the client's own rules for it.

    A changed value is a *proposal* until it was confirmed on the old safe channel, by the worker and by a
    second person: somebody who controls the client could have asked for the change.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone number")
        EMAIL = "email", _("E-mail address")
        ADDRESS = "address", _("Postal address")

    class Whose(models.TextChoices):
        CLIENT = "client", _("The client’s own")
        SAFE_PARENT = "safe_parent", _("A safe parent or carer’s")
        OTHER = "other", _("Another safe person’s")

    class Standing(models.TextChoices):
        IN_USE = "in_use", _("In use")
        PROPOSED = "proposed", _("Proposed, do not use yet")
        REPLACED = "replaced", _("No longer used")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    value = ProtectedText(_("number or address"), max_length=500, blank=False)
    whose = models.CharField(_("whose it is"), max_length=12, choices=Whose, default=Whose.CLIENT)
    person_name = ProtectedText(_("name of that person"), max_length=200)
    person_relationship = ProtectedText(_("relationship to the client"), max_length=100)
    safe_to_call = models.BooleanField(_("safe to call"), default=False)
    safe_to_text = models.BooleanField(_("safe to text"), default=False)
    safe_to_leave_message = models.BooleanField(_("safe to leave a message"), default=False)
    safe_to_write = models.BooleanField(_("safe to write"), default=False)
    safe_times = ProtectedText(_("safe times"), max_length=300)
    who_may_answer = ProtectedText(_("who may answer"), max_length=300)
    code_word = ProtectedText(_("code word"), max_length=100)
    last_confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)

    standing = models.CharField(max_length=10, choices=Standing, default=Standing.IN_USE)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    confirmed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_how = ProtectedText(_("how it was confirmed"), max_length=500)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    seconded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    seconded_at = models.DateTimeField(null=True, blank=True)
    rules_changed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    rules_changed_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = ProtectedText(_("why it is not used any more"), max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("confirmed_by")),
                name="second_person_confirms_a_changed_contact",
            ),
        ]
        indexes = [models.Index(fields=["client", "standing"])]
