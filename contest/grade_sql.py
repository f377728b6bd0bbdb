"""The grading tables as one SQL expression over the compact sheet column: one row an answer took five times as long and
ten times the space.

Pure text. Both databases read it; position p of the pool is ``substr(sheet, p + 1, 1)``.
"""

from __future__ import annotations

from collections.abc import Sequence

from contest.grading import NOTHING, Column

# Points and the count of right answers travel in one integer, so that the sheet is read once for both columns:
# a paper has fewer than 2^22 thousandths of a point (contest.ranking) and at most 1,000 questions.
RIGHT_UNIT = 2**40


def quoted(char: str) -> str:
    """Return an SQL literal of one sheet character inside a statement with ``%s`` parameters."""
    return "'" + char.replace("'", "''").replace("%", "%%") + "'"


def term(table: Column) -> str:
    """Return what one question adds to a paper; "" when no listed character earns anything."""
    at = f"substr(sheet,{table.question.position + 1},1)"
    if table.others != NOTHING:  # voided: whoever was dealt it has it right
        worth = table.others.points_milli + table.others.right * RIGHT_UNIT
        return f"CASE WHEN {at} IN ('-','') THEN 0 ELSE {worth} END"
    whens = "".join(
        f" WHEN {quoted(char)} THEN {credit.points_milli + credit.right * RIGHT_UNIT}"
        for char, credit in table.credits.items()
        if credit != NOTHING
    )
    return f"CASE {at}{whens} ELSE 0 END" if whens else ""


def balanced_sum(terms: Sequence[str]) -> str:
    """Add the terms as a balanced tree: SQLite refuses expressions deeper than 1,000."""
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    return f"({balanced_sum(terms[:middle])}+{balanced_sum(terms[middle:])})"


def total(columns: Sequence[Column]) -> str:
    """Return the expression of a whole paper: points + right × RIGHT_UNIT."""
    terms = [text for table in columns if (text := term(table))]
    return balanced_sum(terms) if terms else "0"


def assignment(columns: Sequence[Column]) -> str:
    """Return the SET part for ``points_milli`` and ``correct``.

    The inner OFFSET keeps both planners from pulling the expression up and computing it twice (measured: a third
    of the time of the whole statement).
    """
    # Numbers and quoted sheet characters of ours only.
    both = f"SELECT {total(columns)} AS x LIMIT 1 OFFSET 0"
    return f"(points_milli, correct) = (SELECT t.x %% {RIGHT_UNIT}, t.x / {RIGHT_UNIT} FROM ({both}) AS t)"  # noqa: S608
