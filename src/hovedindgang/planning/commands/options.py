"""Options that were written and would do nothing are refused: whoever wrote one thinks that it does something."""

from __future__ import annotations

import click
from click.core import ParameterSource

from hovedindgang.planning.language import gettext
from hovedindgang.planning.problems import CannotPlan


def written(*names: str) -> tuple[str, ...]:
    """Those of the command's parameters that were typed, whatever their values, as they are typed."""
    context = click.get_current_context()
    typed = (one for one in context.command.params if one.name in names)
    return tuple(max(one.opts, key=len) for one in typed if _is_written(context, one))


def _is_written(context: click.Context, param: click.Parameter) -> bool:
    return param.name is not None and context.get_parameter_source(param.name) is ParameterSource.COMMANDLINE


def refused(names: tuple[str, ...], why: str, cure: str) -> None:
    """Raises CannotPlan where one of them was written; `why` and `cure` may name them as {options}."""
    if found := written(*names):
        said = ", ".join(found)
        raise CannotPlan(why.format(options=said), cure=cure.format(options=said), where=found)


def must_say_once_how_it_is_run(*, replications: bool, address: bool) -> None:
    """Raises CannotPlan for a precision beside a number of replications, and for processes beside a cluster."""
    if replications:
        refused(
            ("precision",),
            gettext("Med --replications er antallet sagt, og {options} gør intet."),
            gettext("Udelad det ene af de to."),
        )
    if address:
        refused(
            ("processes",),
            gettext("Med --dask regner klyngens egne processer, og {options} gør intet."),
            gettext("Udelad det ene af de to."),
        )
