"""Views of `colineage key repair`: the plan before it is signed, and what came of it."""

from typing import TYPE_CHECKING

from rich.console import RenderableType

from colineage.output import Json
from colineage.views.layout import pairs

if TYPE_CHECKING:
    from colineage.answers.repair_plan import RepairPlan


def repair_lines(plan: "RepairPlan") -> list[str]:
    """Return what a repair would say, in lines."""
    lines = [f"the thief's statements in this store: {len(plan.theirs):,}"]
    lines += [f"  {name}" for name in plan.theirs]
    for end in plan.ends:
        lines.append(f"ends {end.grant}, and keeps what leads to")
        lines += [f"  {head}" for head in end.heads] or ["  nothing"]
    lines += [f"{answer.verb} {answer.target}" for answers in plan.answers for answer in answers]
    lines += _advice(plan.ended_with_it, plan.erased)
    return lines


def repair_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage key repair`."""
    rows = [
        ("stolen", answer["stolen"]),
        ("the thief's", f"{answer['theirs']:,} statements"),
        *(("ended", end["grant"]) for end in answer["ends"]),
        *((said["verb"], said["target"]) for said in answer["answers"]),
        ("working key", answer["key"]),
        ("kept in", answer["file"]),
        ("under the grant", answer["grant"]),
        *(("to do", line) for line in _advice(answer["ended_with_it"], answer["erased"])),
    ]
    return pairs(rows)


def _advice(
    keys: "list[str] | tuple[str, ...]", erased: "list[str] | tuple[str, ...]"
) -> list[str]:
    return [
        *(f"{key} was granted by the stolen key: grant it anew (key grant)" for key in keys),
        *(f"the thief erased {name}: pull it from a copy that has it" for name in erased),
    ]
