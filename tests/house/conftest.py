"""The named cast comes along from the rooms."""

from hovedindgang.conftest import cast, client_of, policy_in_force

__all__ = ["cast", "client_of", "policy_in_force"]
