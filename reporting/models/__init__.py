"""What is agreed with commissioners, and the reports made for them: drafted, built, published once, corrected by a new version."""

from reporting.models.contract import Contract, ContractReader, ContractTarget
from reporting.models.data_set import PseudonymKey
from reporting.models.draft import Change, Passage, ReportBuild, ReportDraft
from reporting.models.local import LocalMeasure, LocalQuestion
from reporting.models.population import AreaPopulation
from reporting.models.published import PublishedReport, ReportFile

__all__ = [
    "AreaPopulation",
    "Change",
    "Contract",
    "ContractReader",
    "ContractTarget",
    "LocalMeasure",
    "LocalQuestion",
    "Passage",
    "PseudonymKey",
    "PublishedReport",
    "ReportBuild",
    "ReportDraft",
    "ReportFile",
]
