"""What the public pages need before anybody acts: which service it is, and whether one address sends too fast."""

from django.core.cache import cache
from django.http import Http404
from django.utils.crypto import salted_hmac

from isva.accounts.models import Service

#: From one address: forms sent in an hour (an office shares one), pages posted in an hour.
SENT_AN_HOUR, POSTED_AN_HOUR = 30, 1200
_HOUR = 3600


def find_service(slug: str) -> Service:
    """The service behind the address of its public forms. Raises Http404."""
    service = Service.objects.filter(slug=slug).first()
    if service is None:
        raise Http404
    return service


def too_fast(request, *, act: str, most: int) -> bool:
    """Whether one address has done this more than ``most`` times within the hour. Counts this time too.

    The address is kept as a keyed hash, and for an hour.
    """
    address = salted_hmac("referrals.doorstep", request.META.get("REMOTE_ADDR", "")).hexdigest()
    key = f"doorstep:{act}:{address}"
    cache.add(key, 0, _HOUR)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False
