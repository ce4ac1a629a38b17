"""Questions about a file that is added to a case, and about one that is withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Document
from isva.files.checking import ACCEPTED
from isva.files.receiving import LARGEST
from isva.interface import forms as ui


class DocumentForm(ui.ServiceForm):
    """A file, what it is, and how it is called on the case."""

    once = ui.OnceField()
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "A PDF, a picture (JPEG or PNG), plain text, or a document of Word or OpenDocument, up to 10 MB. "
            "Pictures lose what was stored in them about place and device."
        ),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=[("", _("Choose from the list")), *Document.Kind.choices]
    )
    title = forms.CharField(
        label=_("Title"), max_length=Document._meta.get_field("title").max_length,
        help_text=_("How it is called on this case, like “DASH from Eastmere Police, March”."),
    )  # fmt: skip
    words = {"file": _("the document"), "kind": _("what it is"), "title": _("the title")}

    def clean_file(self):
        """The content alone: the name on the sender's device says too much and is not kept."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file must be smaller than %(size)d MB") % {"size": LARGEST // 1024**2}
            )
        return file.read()


class WithdrawDocumentForm(ui.ServiceForm):
    """Why a document is taken out of use."""

    once = ui.OnceField()
    why = forms.CharField(
        label=_("Why it is withdrawn"), max_length=Document._meta.get_field("withdrawn_why").max_length,
        help_text=_("Like “belongs to another case” or “replaced by a newer one”. It stays on record with your name."),
    )  # fmt: skip
    words = {"why": _("why it is withdrawn")}
