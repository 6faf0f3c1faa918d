"""Pages put together as papers by hand: cut marks, kinds, and what the checks make of them."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console import desk as desks
from console import reviews
from console.answers import PAGES, Answer, PagesAnswer
from console.context import Console
from console.desk import Desk, change_between
from console.grouping import (
    Mark,
    differing,
    grouping_of,
    groups_from_marks,
    marks_of,
    pack_grouping,
)
from console.sessions import Viewer
from console.telling import Teller
from console.values import InvalidValue
from console.web import (
    CheckedForm,
    Form,
    Refused,
    Reviewer,
    TheConsole,
    back_to,
    language_of,
    need_dossier,
    window_page,
    window_path,
)
from pipeline.dossier import Grouping
from pipeline.model.kinds import DocumentKind

router = APIRouter()
Marks = tuple[tuple[str, tuple[Mark, ...]], ...]


@router.get("/w/{window_id}/d/{dossier_id}/pages")
def pages_page(
    request: Request, console: TheConsole, viewer: Reviewer, window_id: str, dossier_id: str
) -> Response:
    """Every page with its cut mark and kind, as the viewer's papers stand."""
    desk = _need_desk(console, viewer, window_id, dossier_id)
    with console.database.write() as unit:
        unit.record(viewer.username, "pages.view", window_id=window_id, dossier_id=dossier_id)
    return _show(request, console, viewer, desk, marks_of(desk.kept))


@router.post("/w/{window_id}/d/{dossier_id}/pages")
def regroup_pages(
    request: Request,
    console: TheConsole,
    viewer: Reviewer,
    window_id: str,
    dossier_id: str,
    form: CheckedForm,
) -> Response:
    """Processes the dossier from the marked papers on, and shows what changes before it is kept."""
    desk = _need_desk(console, viewer, window_id, dossier_id)
    marks = _marked(marks_of(desk.kept), form)
    wanted = _wanted(console, desk, marks)
    given = Answer(PAGES, str(PagesAnswer.REGROUPED), pack_grouping(wanted))
    answers = {**desk.answers, PAGES: given}
    if _is_as_before(console, desk, wanted):
        return _show(request, console, viewer, desk, marks, problem="pages.same", status=422)
    if form.get("confirm") != "1":
        try:
            after = console.dossiers.assess(desk.row.kept, answers.values())
        except InvalidValue as refused:
            return _show(request, console, viewer, desk, marks, problem=refused.key, status=422)
        change = change_between(
            console.dossiers.assess(desk.row.kept, desk.answers.values()), after
        )
        return _show(request, console, viewer, desk, marks, change=change)
    assert desk.standing is not None
    with console.database.write() as unit:
        reviews.give_answer(
            unit, console.settings, desk.row, desk.standing, desk.kept, viewer, given
        )
    return back_to(window_path(window_id, "d", dossier_id))


def _need_desk(console: Console, viewer: Viewer, window_id: str, dossier_id: str) -> Desk:
    row = need_dossier(console, window_id, dossier_id)
    desk = desks.open_desk(console, row, viewer)
    if desk.standing is None:
        raise Refused(409, "refused.not_claimed")
    return desk


def _marked(marks: Marks, form: Form) -> Marks:
    """The marks as the form has them: `cut-N` begins a paper on page N, `kind-N` says its kind."""
    return tuple(
        (
            file,
            tuple(
                replace(
                    mark,
                    begins=place == 0 or form.get(f"cut-{mark.number}") == "1",
                    kind=_kind(form.get(f"kind-{mark.number}", str(mark.kind))),
                )
                for place, mark in enumerate(found)
            ),
        )
        for file, found in marks
    )


def _kind(text: str) -> DocumentKind:
    if text not in set(DocumentKind):
        raise Refused(422, "refused.form")
    return DocumentKind(text)


def _wanted(console: Console, desk: Desk, marks: Marks) -> Grouping:
    """The materials that are not as the machine has them; a page of no other kind stays as it is."""
    machine = grouping_of(console.dossiers.kept(desk.row.kept).facts)
    return differing({file: groups_from_marks(found) for file, found in marks}, machine)


def _is_as_before(console: Console, desk: Desk, wanted: Grouping) -> bool:
    machine = grouping_of(console.dossiers.kept(desk.row.kept).facts)
    return wanted == differing(grouping_of(desk.kept.facts), machine)


def _show(
    request: Request,
    console: Console,
    viewer: Viewer,
    desk: Desk,
    marks: Marks,
    *,
    status: int = 200,
    **more: Any,
) -> Response:
    filled: dict[str, Any] = {"problem": "", "change": None, **more}
    rulebook = console.dossiers.rulebook(desk.kept)
    return window_page(
        request,
        console,
        "pages.html",
        desk.row.window_id,
        viewer=viewer,
        status=status,
        desk=desk,
        row=desk.row,
        tell=Teller(rulebook, desk.mask, language_of(request, console)),
        marks=marks,
        kinds=tuple(DocumentKind),
        **filled,
    )
