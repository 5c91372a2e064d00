"""The named cast comes along from the rooms; the browser is the whole house's."""

from hovedindgang.conftest import cast, client_of, policy_in_force

__all__ = ["cast", "client_of", "policy_in_force"]
