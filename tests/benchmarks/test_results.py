"""Tables of results: a section a subject, measured anew without touching the others."""

from __future__ import annotations

from datetime import date

from benchmarks.results import HEAD, Row, Section, as_markdown, describe_machine, replace_section

DAY = date(2026, 11, 22)
ROWS = (
    Row("sentences per CPU-second", "140", "another", "56", 2.5, "at least 2"),
    Row("seconds", "2", "brute force", "0.5", 0.25),
    Row("recall", "1.000"),
)


def test_a_section_has_its_date_machine_rows_and_notes() -> None:
    assert as_markdown("Embedding", Section(ROWS, ("One thread.",)), "EPYC", DAY, 3) == (
        "## Embedding\n\n22 November 2026, median of 3. EPYC.\n\n"
        "| What | xsource | Beside it | Its figure | Ratio | Wanted |\n|---|---|---|---|---|---|\n"
        "| sentences per CPU-second | 140 | another | 56 | 2.5 | at least 2 |\n"
        "| seconds | 2 | brute force | 0.5 | 0.25 |  |\n"
        "| recall | 1.000 |  |  |  |  |\n\n- One thread.\n"
    )


def test_sections_are_added_and_replaced_in_their_places() -> None:
    one, other, again = "## One\n\nold\n", "## Other\n\nkept\n", "## One\n\nnew\n"
    document = replace_section(replace_section("", "One", one), "Other", other)
    assert document == f"{HEAD}\n{one}\n{other}"
    assert replace_section(document, "One", again) == f"{HEAD}\n{again}\n{other}"
    assert replace_section(document, "Other", other) == document


def test_a_title_that_begins_another_is_not_taken_for_it() -> None:
    document = replace_section("", "Search again", "## Search again\n\nkept\n")
    assert "kept" in replace_section(document, "Search", "## Search\n\nnew\n")


def test_the_machine_is_named_with_cores_and_versions() -> None:
    machine = describe_machine()
    assert " cores" in machine
    assert "ctranslate2 4." in machine
