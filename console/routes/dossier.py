"""The dossier page: answering, trying a correction, taking back, finishing, revealing."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console import desk as desks
from console import reviews
from console.answers import Answer, Target
from console.claims import claim_next
from console.context import Console
from console.desk import Change, Desk, change_between, describe_desk, open_desk
from console.reviews import ReviewRefused, Standing
from console.schema import Reveal
from console.sessions import Viewer
from console.states import State
from console.values import InvalidValue
from console.web import (
    CheckedForm,
    Form,
    Refused,
    Reviewer,
    TheConsole,
    back_to,
    dossier_in,
    is_swap,
    language_of,
    need_dossier,
    page,
    window_page,
    window_path,
)

router = APIRouter()
REVEAL_REASONS = ("compare", "identity", "original", "complaint")
_LONGEST_NOTE = 300


@router.get("/w/{window_id}/d/{dossier_id}")
def dossier_page(
    request: Request, console: TheConsole, viewer: Reviewer, window_id: str, dossier_id: str
) -> Response:
    row = need_dossier(console, window_id, dossier_id)
    desk = open_desk(console, row, viewer)
    with console.database.write() as unit:
        unit.record(
            viewer.username,
            "dossier.view",
            window_id=window_id,
            dossier_id=dossier_id,
            revealed=desk.mask.is_open,
        )
    return _show(request, console, viewer, desk)


def _show(
    request: Request,
    console: Console,
    viewer: Viewer,
    desk: Desk,
    *,
    status: int = 200,
    **more: Any,
) -> Response:
    """The whole page, or to a script of ours only the parts that an answer changes."""
    shown = describe_desk(console, desk, language_of(request, console))
    filled: dict[str, Any] = {"trial": None, "problem": "", **shown, **more}
    if is_swap(request):
        return page(request, "dossier_parts.html", viewer=viewer, status=status, **filled)
    return window_page(
        request,
        console,
        "dossier.html",
        desk.row.window_id,
        viewer=viewer,
        status=status,
        reveal_reasons=REVEAL_REASONS,
        **filled,
    )


@router.post("/w/{window_id}/d/{dossier_id}/claim")
def claim(
    console: TheConsole, viewer: Reviewer, window_id: str, dossier_id: str, form: CheckedForm
) -> Response:
    del form
    with console.database.write() as unit:
        row = dossier_in(unit.session, window_id, dossier_id)
        try:
            reviews.claim(unit, console.settings, row, viewer)
        except ReviewRefused as refused:
            raise Refused(409, refused.key) from refused
    console.preparer.wake()
    return back_to(window_path(window_id, "d", dossier_id))


@router.post("/w/{window_id}/d/{dossier_id}/answer")
def answer(
    request: Request,
    console: TheConsole,
    viewer: Reviewer,
    window_id: str,
    dossier_id: str,
    form: CheckedForm,
) -> Response:
    """Tries an answer on the checks; keeps it when it changes no finding, or once it is confirmed."""
    desk, standing = _need_standing(console, viewer, window_id, dossier_id)
    given = _answer(desk, form)
    before = console.dossiers.assess(desk.row.kept, desk.answers.values())
    try:
        reviews.check_answer(desk.kept, before.findings, given)
    except (ReviewRefused, InvalidValue) as refused:
        return _show(request, console, viewer, desk, status=422, problem=refused.key)
    after = console.dossiers.assess(desk.row.kept, {**desk.answers, given.target: given}.values())
    change = change_between(before, after)
    typed = given.answer == "corrected"
    if form.get("confirm") != "1" and (typed or not change.is_nothing):
        return _show(request, console, viewer, desk, trial=_trial("answer", change, given))
    with console.database.write() as unit:
        reviews.give_answer(unit, console.settings, desk.row, standing, desk.kept, viewer, given)
    return _after(request, console, viewer, window_id, dossier_id)


def _answer(desk: Desk, form: Form) -> Answer:
    """The answer of the form; a picked alternative is looked up, so that no page need carry it."""
    value, target = form.get("value", "").strip(), form.need("target")
    picked = form.get("alternative", "")
    if picked.isdigit():
        values = _alternatives(desk, target)
        if not 1 <= int(picked) <= len(values):
            raise Refused(422, "refused.form")
        value = values[int(picked) - 1]
    return Answer(
        target=target,
        answer=form.need("answer"),
        value=value if form.need("answer") == "corrected" else "",
        reason=form.get("reason", ""),
        note=form.get("note", "").strip()[:_LONGEST_NOTE],
    )


def _alternatives(desk: Desk, target: str) -> tuple[str, ...]:
    from console.answers import machine_value
    from console.views import alternatives

    try:
        parsed = Target.parse(target)
    except ValueError as error:
        raise Refused(422, "refused.form") from error
    return alternatives(desk.kept, parsed.second, machine_value(desk.kept.facts, parsed))


@router.post("/w/{window_id}/d/{dossier_id}/undo")
def undo(
    request: Request,
    console: TheConsole,
    viewer: Reviewer,
    window_id: str,
    dossier_id: str,
    form: CheckedForm,
) -> Response:
    """Takes the last answer back; when that changes findings, shows which before it is done."""
    desk, standing = _need_standing(console, viewer, window_id, dossier_id)
    with console.database.read() as session:
        last = reviews.last_answer(session, standing)
        earlier = reviews.answer_before(session, last) if last else None
    if last is None:
        return _show(request, console, viewer, desk, status=422, problem="refused.nothing_to_undo")
    answers = {t: a for t, a in desk.answers.items() if t != last.target}
    if earlier is not None:
        answers[last.target] = reviews.as_answer(earlier)
    change = change_between(
        console.dossiers.assess(desk.row.kept, desk.answers.values()),
        console.dossiers.assess(desk.row.kept, answers.values()),
    )
    if form.get("confirm") != "1" and not change.is_nothing:
        trial = _trial("undo", change, reviews.as_answer(last))
        return _show(request, console, viewer, desk, trial=trial)
    with console.database.write() as unit:
        reviews.undo(unit, desk.row, standing, viewer)
    return _after(request, console, viewer, window_id, dossier_id)


def _trial(action: str, change: Change, given: Answer) -> dict[str, Any]:
    return {"action": action, "change": change, "given": given}


@router.post("/w/{window_id}/d/{dossier_id}/finish")
def finish(
    request: Request,
    console: TheConsole,
    viewer: Reviewer,
    window_id: str,
    dossier_id: str,
    form: CheckedForm,
) -> Response:
    """Ends the review and, when asked, claims the next dossier and goes on to it."""
    desk, standing = _need_standing(console, viewer, window_id, dossier_id)
    try:
        with console.database.write() as unit:
            state = reviews.finish(
                unit, console.dossiers, desk.row, standing, viewer, unsure=desk.unsure
            )
    except ReviewRefused as refused:
        return _show(request, console, viewer, desk, status=422, problem=refused.key)
    if state is State.DECIDED:
        console.prepared.drop(desk.row.kept)
    following = claim_next(console, viewer, window_id) if form.get("next") == "1" else None
    path = (
        window_path(window_id, "d", following.dossier_id)
        if following
        else window_path(window_id, "queue") + "?mine=1"
    )
    return Response(status_code=204, headers={"x-go": path}) if is_swap(request) else back_to(path)


@router.post("/w/{window_id}/d/{dossier_id}/release")
def release(
    console: TheConsole, viewer: Reviewer, window_id: str, dossier_id: str, form: CheckedForm
) -> Response:
    del form
    with console.database.write() as unit:
        row = dossier_in(unit.session, window_id, dossier_id)
        reviews.release(unit, row, viewer)
    return back_to(window_path(window_id, "queue"))


@router.post("/w/{window_id}/d/{dossier_id}/reveal")
def reveal(
    console: TheConsole, viewer: Reviewer, window_id: str, dossier_id: str, form: CheckedForm
) -> Response:
    """Shows what is masked, to this viewer and for a while, for a reason that is recorded."""
    need_dossier(console, window_id, dossier_id)
    reason = form.need("reason")
    if reason not in REVEAL_REASONS:
        raise Refused(422, "refused.reason")
    with console.database.write() as unit:
        unit.session.merge(
            Reveal(
                user_id=viewer.user_id,
                window_id=window_id,
                dossier_id=dossier_id,
                until=unit.now + 60 * console.settings.reveal_minutes,
            )
        )
        unit.record(
            viewer.username,
            "reveal",
            window_id=window_id,
            dossier_id=dossier_id,
            reason=reason,
            note=form.get("note", "").strip()[:_LONGEST_NOTE],
        )
    return back_to(window_path(window_id, "d", dossier_id))


def _need_standing(
    console: Console, viewer: Viewer, window_id: str, dossier_id: str
) -> tuple[Desk, Standing]:
    """The desk with the viewer's open review; refuses when their lease has run out."""
    row = need_dossier(console, window_id, dossier_id)
    desk = desks.open_desk(console, row, viewer)
    if desk.standing is None:
        decided = row.state == State.DECIDED
        raise Refused(409, "refused.decided" if decided else "refused.not_claimed")
    return desk, desk.standing


def _after(
    request: Request, console: Console, viewer: Viewer, window_id: str, dossier_id: str
) -> Response:
    if is_swap(request):
        row = need_dossier(console, window_id, dossier_id)
        return _show(request, console, viewer, open_desk(console, row, viewer))
    return back_to(window_path(window_id, "d", dossier_id))
