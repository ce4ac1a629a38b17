"""Secret links: how far a referral is, and the answer to a question about it. Neither names the client."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from isva.access.doors import public_page
from isva.drafts.saving import posted
from referrals import doorstep
from referrals.completeness import names
from referrals.forms.answers import AnswerForm
from referrals.stages import referral as stage
from referrals.status import status_of


@public_page
def referral_status(request, token):
    """How far it is; a link that is unknown and one that has run out are the same page."""
    status = status_of(token)
    if status is None:
        raise Http404
    context = {"status": status, "service": status.service, "public_service_name": status.service.name}
    return render(request, "referrals/referral_status.html", context)


@public_page
def answer_request(request, token):
    """What the service needs to know, and the referrer's answer. Answered once, it says thank you."""
    with stage.asked_by_link(token, lock=request.method == "POST") as asked:
        if asked is None:
            raise Http404
        return _answer(request, asked)


def _answer(request, asked):
    service = asked.case.service
    context = {"service": service, "public_service_name": service.name}
    form = AnswerForm(posted(request))
    slow = request.method == "POST" and doorstep.too_fast(request, act="answer", service=service)
    if slow:
        form.add_error(None, doorstep.wait_words(service, _("Very many answers came from where you are.")))
    elif request.method == "POST" and asked.answered_at is None and form.is_valid():
        stage.answer_request(asked, answer=form.cleaned_data["answer"])
    context |= {
        "answered": asked.answered_at is not None,
        "question": asked.question,
        "gaps": names(asked.gaps),
    }
    if asked.answered_at is None:
        context["form"] = form
    return render(request, "referrals/answer_request.html", context, status=429 if slow else 200)
