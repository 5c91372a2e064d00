"""Demand: how many will call, in each interval of a day to come, and how sure that is.

`reading.py` reads a file of calls, `forecasting.py` foretells days as distributions, `changes.py` knows what is to
come, `backtesting.py` holds it all against real days and against simpler methods. scipy is loaded with it.
"""

from hovedindgang.planning.demand.backtesting import Backtest, backtest
from hovedindgang.planning.demand.forecasting import Change, Forecast, forecast
from hovedindgang.planning.demand.reading import read
from hovedindgang.planning.demand.series import Series

__all__ = ["Backtest", "Change", "Forecast", "Series", "backtest", "forecast", "read"]
