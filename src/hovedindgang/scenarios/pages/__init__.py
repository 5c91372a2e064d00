"""What the pages show, in words, tables, charts and maps."""

from hovedindgang.scenarios.pages.answers import (
    as_csv,
    as_data,
    compare_address,
    ground_words,
    replay_rows,
    trust_words,
    worst_rows,
)
from hovedindgang.scenarios.pages.costs import cost_table, cost_words
from hovedindgang.scenarios.pages.doubts import doubts_told
from hovedindgang.scenarios.pages.figures import (
    changes_words,
    figure_label,
    figure_tables,
    goal_table,
    growing_words,
    heading,
    names_of,
    wait_chart,
    where_words,
)
from hovedindgang.scenarios.pages.ground import counted_kinds, inputs_rows, place_label, team_rows, unsure_rows
from hovedindgang.scenarios.pages.people import day_table, map_of, moves_table, people_table, travel_words
from hovedindgang.scenarios.pages.tried import frontier_of, offers_of
from hovedindgang.scenarios.pages.weekdays import warm_up_words, week_table

__all__ = [
    "as_csv",
    "as_data",
    "changes_words",
    "compare_address",
    "cost_table",
    "cost_words",
    "counted_kinds",
    "day_table",
    "doubts_told",
    "figure_label",
    "figure_tables",
    "frontier_of",
    "goal_table",
    "ground_words",
    "growing_words",
    "heading",
    "inputs_rows",
    "map_of",
    "moves_table",
    "names_of",
    "offers_of",
    "people_table",
    "place_label",
    "replay_rows",
    "team_rows",
    "travel_words",
    "trust_words",
    "unsure_rows",
    "wait_chart",
    "warm_up_words",
    "week_table",
    "where_words",
    "worst_rows",
]
