"""What the public pages need before anybody acts: which service it is, and whether one address sends too fast."""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import Http404
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from isva.access.visitor import address_of
from isva.accounts.models import Service

_HOUR = 3600


def find_service(slug: str) -> Service:
    """The service behind the address of its public forms. Raises Http404."""
    service = Service.objects.filter(slug=slug).first()
    if service is None:
        raise Http404
    return service


def too_fast(request, *, act: str, service: Service) -> bool:
    """Whether one address has done ``act`` at this service's door more often within the hour than the settings allow.

    Counts this time too. The address is kept as a keyed hash, and for an hour. An office shares one address, so the
    limits are wide; a counter that is down stops nobody.
    """
    who = salted_hmac(
        "referrals.doorstep", f"{service.pk}|{address_of(request)}", algorithm="sha256"
    ).hexdigest()
    key = f"doorstep:{act}:{who}"
    try:
        cache.add(key, 0, _HOUR)
        return cache.incr(key) > settings.PUBLIC_FORMS_AN_HOUR[act]
    except (ValueError, RedisError):  # it ran out between the two, or the counter is down
        return False


def wait_words(service: Service, why: str) -> str:
    """What somebody is told in a form that is not taken now and still holds what they wrote."""
    return _(
        "%(why)s Nothing you wrote is lost. Wait a little, then send it again, or ring us on %(phone)s."
    ) % {
        "why": why,
        "phone": service.phone,
    }


def level(began: float) -> None:
    """Wait until sending has taken as long as it always takes: how long must not tell whether somebody is known here.

    ``began`` is of the monotonic clock.
    """
    time.sleep(max(0.0, began + settings.SENDING_TAKES - time.monotonic()))
