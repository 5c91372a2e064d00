"""The named cast comes along from the rooms."""

from hovedindgang.conftest import cast, policy_in_force

__all__ = ["cast", "policy_in_force"]
