import datetime as dt
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.look import wording
from hovedindgang.look.charts import HEIGHT, WIDTH, Point, Series, bar_chart, line_chart

FIGURES = st.none() | st.floats(min_value=0, max_value=1e6, allow_nan=False)


def series(*values):
    return Series(name="Løst", points=[Point(label=f"uge {i}", value=v) for i, v in enumerate(values)])


def test_a_chart_is_a_picture_with_a_name_and_its_table_beside_it():
    drawn = line_chart(
        title="Løst i Borgerservice", series=[series(0.78, 0.81)], target=0.8, target_label="mål 80 %", shares=True
    )
    assert 'role="img"' in drawn
    assert "<title>Løst i Borgerservice</title>" in drawn
    assert "mål 80 %" in drawn
    assert "78,0\xa0%" in drawn.split("<details>")[1]


def test_english_readers_get_english_figures():
    drawn = bar_chart(title="Calls", series=[series(1234.5)], language="en")
    assert "1,234.5" in drawn
    assert "1.234,5" in bar_chart(title="Opkald", series=[series(1234.5)], language="da")


def test_an_unknown_week_is_a_gap_and_a_dash_and_never_a_zero():
    drawn = line_chart(title="t", series=[series(5, None, 7)])
    path = drawn.split('class="chart-line chart-line" d="')[1].split('"')[0]
    assert path.count("M") == 2
    assert ">–</td>" in drawn


def test_what_people_wrote_cannot_become_markup():
    drawn = bar_chart(title="<b>", series=[Series(name="<i>", points=[Point(label="<script>", value=1)])])
    assert "<script>" not in drawn
    assert "<b>" not in drawn


def test_a_figure_opens_the_list_it_counts():
    drawn = bar_chart(title="t", series=[Series(name="n", points=[Point(label="a", value=3, url="/tavle/liste/?x=1")])])
    assert '<a href="/tavle/liste/?x=1">3</a>' in drawn


@given(st.lists(FIGURES, max_size=60), st.booleans())
def test_whatever_the_figures_the_drawing_is_well_formed_and_inside_its_frame(values, shares):
    ranges = [Point(label=str(i), value=v, low=v, high=None if v is None else v + 1) for i, v in enumerate(values)]
    for drawn in (
        line_chart(title="t", series=[Series(name="n", points=ranges)], target=3.0, shares=shares),
        bar_chart(title="t", series=[Series(name="n", points=ranges)], shares=shares),
    ):
        tree = ET.fromstring(drawn)
        for circle in tree.iter("circle"):
            assert 0 <= float(circle.get("cx")) <= WIDTH
            assert 0 <= float(circle.get("cy")) <= HEIGHT
        for bar in tree.iter("rect"):
            assert float(bar.get("x")) + float(bar.get("width")) <= WIDTH


def test_a_bar_shows_how_far_its_figure_may_be_off():
    points = [Point(label="Pandrup", value=3.0, low=2.0, high=6.0), Point(label="Brovst", value=1.0)]
    drawn = bar_chart(title="t", series=[Series(name="n", points=points)])
    assert drawn.count("chart-whisker") == 1
    value = next(one for one in ET.fromstring(drawn).iter("text") if one.get("class") == "chart-value")
    whisker = next(one for one in ET.fromstring(drawn).iter("path") if one.get("class") == "chart-whisker")
    assert float(value.get("x")) > float(whisker.get("d").split("H")[1].split("M")[0]), "no number across a line"


def test_five_series_are_told_apart_without_their_colours():
    drawn = bar_chart(title="t", series=[Series(name=str(n), points=[Point(label="a", value=1)]) for n in range(5)])
    figure = ET.fromstring(drawn)
    known = {one.get("id") for one in figure.iter("pattern")}
    filled = [one.get("fill") for one in figure.iter("rect") if one.get("fill")]
    assert {one.removeprefix("url(#").removesuffix(")") for one in filled} == known
    assert len(known) == 3
    assert len(filled) == 6, "over the bars and in the legend"


def test_numbers_and_days_as_danes_and_the_english_write_them():
    assert wording.number(1234567.891, decimals=2) == "1.234.567,89"
    assert wording.number(-0.01, decimals=1, language="en") == "0.0"
    assert wording.number(-12, language="en") == "−12"
    assert wording.percent(0.8) == "80,0\xa0%"
    assert wording.percent(0.8, decimals=0, language="en") == "80%"
    assert wording.day(dt.date(2026, 11, 2)) == "2. november 2026"
    assert wording.day(dt.date(2026, 11, 2), language="en") == "2 November 2026"
    assert wording.number(None) == "–"
