"""What is agreed with commissioners: contracts, their targets, and who reads for a commissioner."""

from reporting.models.contract import Contract, ContractReader, ContractTarget

__all__ = ["Contract", "ContractReader", "ContractTarget"]
