"""What comes in at the front door."""

from referrals.models.intake import InformationRequest, PossibleDuplicate, StatusLink
from referrals.models.referral import Referral

__all__ = ["InformationRequest", "PossibleDuplicate", "Referral", "StatusLink"]
