"""Production is told when its chain of seals has no anchor outside: cutting the end off it would not show."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def the_chain_is_anchored(app_configs, **kwargs):
    """Warns where ``AUDIT_ANCHOR`` is empty."""
    if settings.AUDIT_ANCHOR:
        return []
    return [
        Warning(
            "The heads of the sealed record are noted nowhere outside the database.",
            hint="Set AUDIT_ANCHOR to a file on a path that keeps what was appended, or to `mail`.",
            id="isva.W010",
        )
    ]
