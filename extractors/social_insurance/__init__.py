"""Proofs of social insurance, in every form of domain facts, section 2."""

from extractors.social_insurance.paper import extract_social_insurance

__all__ = ["extract_social_insurance"]
