"""Windows as a run leaves them, made in memory: real checks over invented facts, drawn pages.

Everybody and everything in here is invented.
"""

import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pipeline.dossier import Engines, report_facts
from pipeline.kept import KEPT_SUFFIX, RULEBOOK_SUFFIX, keep_dossier, pack_kept
from pipeline.model.acceptance import Acceptance
from pipeline.model.declaration import Declaration
from pipeline.model.document import Document, Evidence
from pipeline.model.dossier import Dossier, Material
from pipeline.model.kinds import KIND_LABELS
from pipeline.model.reading import Line, MaterialReading, PageReading
from pipeline.store.blobs import BlobStore
from pipeline.store.database import Store
from pipeline.store.schema import StoredReport
from pipeline.workers import READING_SUFFIX, pack_reading
from tests.validators import cases
from validators.rulebook import DEFAULT_RULEBOOK, load_rulebook

WIDTH, HEIGHT = 1000, 1400
ACCEPTED = Acceptance.fixed(0.8)
SURNAMES, GIVEN = (
    "李王张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗",
    "清源宁远思齐明哲若谷景行文渊子衿承志安然",
)
UNITS = (
    cases.UNIT,
    "成都云栈信息安全有限责任公司",
    "四川剑门数据科技有限公司",
    "绵阳涪江网络技术有限公司",
)
FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
)
Change = Callable[[cases.Dossier], object]

PROBLEMS: tuple[Change, ...] = (
    lambda d: None,
    lambda d: d.put("diploma", diploma_number="992011201905000128"),
    lambda d: d.change_month("2022-09", status="unpaid", payer=d.declared["employment"]["employer"]),
    lambda d: d.remove("integrity_pledge"),
    lambda d: d.put("education_record", 0.62, graduated_on="2019-06-30").put(
        "diploma", 0.58, graduated_on="2019-06-30"
    ).put("education_query", 0.6, graduated_on="2019-06-30"),
    lambda d: d.put("labour_contract", employer="四川别处网络有限公司"),
    lambda d: d.put("id_card", 0.55, name="李清沅"),
    lambda d: None,
    lambda d: d.blur("education_record", "diploma_number").put("diploma", major="信息工程"),
    lambda d: d.put("degree_certificate", degree_number="9920142019000458"),
    lambda d: d.change_month("2022-11", status="unknown", confidence=0.4),
    lambda d: d.put("recommendation", conclusion="不同意推荐"),
)  # fmt: skip


def person(number: int, problem: int | None = None) -> cases.Dossier:
    """Dossier `number` of a window: its own name and unit, and one of the planted problems."""
    made = cases.bachelor()
    name = SURNAMES[number % 20] + GIVEN[number * 3 % 20] + GIVEN[(number * 7 + 1) % 20]
    unit = UNITS[number % len(UNITS)]
    id_number = cases.id_number(f"510102199603{8 + number % 20:02d}{number // 20 % 100:02d}8")
    day = f"1996-03-{8 + number % 20:02d}"
    made.put_everywhere(
        name=name, employee=name, employer=unit, id_number=id_number,
        employee_id_number=id_number, birth_date=day,
    )  # fmt: skip
    made.set_months(*cases.rows("2021-05", "2022-12", payer=unit))
    made.declare("", dossier_id=f"2022H2-{number + 1:06d}")
    made.declare("person", name=name, id_number=id_number, birth_date=day)
    made.declare("employment", employer=unit)
    made.declare("contributions", payer=unit)
    PROBLEMS[number % len(PROBLEMS) if problem is None else problem](made)
    return made


def make_window(out: Path, count: int = 12, *, first: int = 0, url: str = "") -> None:
    """Writes what a run over `count` such dossiers would leave in `out/.chuhe`, its database
    elsewhere when `url` names one."""
    state = out / ".chuhe"
    state.mkdir(parents=True, exist_ok=True)
    blobs = BlobStore(state / "blobs")
    store = Store(url or f"sqlite:///{state / 'store.sqlite'}")
    for number in range(first, first + count):
        store.keep_report(keep(blobs, person(number), input_key=f"k{number}"))
    store.close()


def keep(
    blobs: BlobStore,
    made: cases.Dossier,
    *,
    input_key: str = "k",
    lumped: tuple[str, MaterialReading] | None = None,
) -> StoredReport:
    """The stored report of one dossier, its blobs written. With `lumped`, the paper of that name
    was read as that material says, and all its pages were taken for that one paper."""
    case = made.case()
    facts = case.facts
    readings = {d.file: _reading(d, blobs) for d in facts.documents}
    if lumped is not None:
        name, reading = lumped
        own = next(d for d in facts.documents if d.document_id == f"d-{name}")
        pages = tuple(page.number for page in reading.pages)
        documents = tuple(
            d.model_copy(update={"pages": pages}) if d is own else d for d in facts.documents
        )
        facts = facts.model_copy(update={"documents": documents})
        readings[own.file] = reading
    dossier = Dossier(
        dossier_id=case.declaration.dossier_id,
        declaration=Declaration.model_validate(made.declared),
        materials=tuple(
            Material(file=f, path=f"/intake/{f}", sha256=r.sha256, size=1)
            for f, r in readings.items()
        ),
        quarantined=facts.quarantined,
    )
    report = report_facts(
        dossier,
        facts,
        readings,
        window=case.window,
        rulebook=load_rulebook(DEFAULT_RULEBOOK),
        engines=Engines(version="test", engine="none", models={}),
        acceptance=ACCEPTED,
    )
    kept = keep_dossier(
        dossier=dossier,
        facts=facts,
        report=report,
        window=case.window,
        readings=readings,
        reading_blobs={f: blobs.put(pack_reading(r), READING_SUFFIX) for f, r in readings.items()},
        rulebook_blob=blobs.put(DEFAULT_RULEBOOK.read_bytes(), RULEBOOK_SUFFIX),
        acceptance=ACCEPTED,
    )
    return StoredReport(
        window_id=case.window.id,
        dossier_id=dossier.dossier_id,
        input_key=input_key,
        row="{}",
        json_sha256="",
        html_sha256="",
        kept=blobs.put(pack_kept(kept), KEPT_SUFFIX),
    )


LUMPED = "2022H2-000013"
"""A dossier whose pledge was scanned into the file of the recommendation and taken for its page 2."""


def add_lumped(out: Path) -> None:
    """Adds `LUMPED` to what a run left in `out/.chuhe`; that file's pages can be extracted anew."""
    blobs = BlobStore(out / ".chuhe" / "blobs")
    made = person(12, 0).remove("integrity_pledge")
    name, unit = made.declared["person"]["name"], made.declared["employment"]["employer"]
    pages = (
        ("推荐意见", f"被推荐人：{name}", "经我单位审核，该同志符合申报条件，同意推荐。", f"推荐单位：{unit}", "2023年1月8日"),
        ("诚信承诺书", "本人郑重承诺：所填内容和所交材料真实、完整。", f"承诺人：{name}", f"工作单位：{unit}", "2023年1月8日"),
    )  # fmt: skip
    reading = MaterialReading(
        sha256="13" * 32,
        pages=tuple(_drawn(number, texts, blobs) for number, texts in enumerate(pages, start=1)),
    )
    store = Store(f"sqlite:///{out / '.chuhe' / 'store.sqlite'}")
    store.keep_report(keep(blobs, made, input_key="k12", lumped=("recommendation", reading)))
    store.close()


def _drawn(number: int, texts: Sequence[str], blobs: BlobStore) -> PageReading:
    """A page on which those lines stand, the first as its title."""
    lines, places = [], []
    for i, text in enumerate(texts):
        size = 40 if i == 0 else 26
        x, y = (400.0, 120.0) if i == 0 else (120.0, 240.0 + 90 * i)
        lines.append(
            Line(
                text=text,
                rect=(x, y, x + size * len(text), y + size),
                confidence=0.99,
                spans=tuple((x + size * k, x + size * (k + 1)) for k in range(len(text))),
            )
        )
        places.append((x, y, text, size))
    image, draw = _sheet()
    for x, y, text, size in places:
        draw.text((x, y), text, font=_font(size), fill=(30, 32, 40))
    return PageReading(
        number=number,
        width=WIDTH,
        height=HEIGHT,
        upright_width=WIDTH,
        upright_height=HEIGHT,
        lines=tuple(lines),
        picture=blobs.put(_jpeg(image), ".jpg"),
    )


def _places(document: Document) -> list[tuple[Evidence, str]]:
    places = [(e, f.raw) for f in document.fields if f.name != "months" for e in f.evidence]
    return places + [
        (e, f"{r.month}   {r.insurance}   {r.base}   {r.payer}")
        for r in document.months
        for e in r.evidence
    ]


def _reading(document: Document, blobs: BlobStore) -> MaterialReading:
    lines = []
    for evidence, text in _places(document):
        (x0, y0), _, (_, y1), _ = evidence.box
        width = 26.0
        lines.append(
            Line(
                text=text,
                rect=(x0, y0, x0 + width * len(text), y1),
                confidence=0.99,
                spans=tuple((x0 + width * i, x0 + width * (i + 1)) for i in range(len(text))),
            )
        )
    page = PageReading(
        number=1,
        width=WIDTH,
        height=HEIGHT,
        upright_width=WIDTH,
        upright_height=HEIGHT,
        lines=tuple(lines),
        picture=blobs.put(_picture(document), ".jpg"),
    )
    return MaterialReading(sha256=f"{abs(hash(document.file)):064x}"[:64], pages=(page,))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in FONTS:
        if path.exists():
            return ImageFont.truetype(str(path), size)
    return ImageFont.load_default()


def _picture(document: Document) -> bytes:
    image, draw = _sheet()
    draw.text((300, 45), KIND_LABELS[document.kind], font=_font(34), fill=(120, 30, 30))
    for evidence, text in _places(document):
        x, y = evidence.box[0]
        draw.text((x, y - 4), text, font=_font(25), fill=(30, 32, 40))
    return _jpeg(image)


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty paper that says it is a specimen."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (252, 250, 244))
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 30, WIDTH - 40, HEIGHT - 30), outline=(150, 60, 50), width=3)
    draw.text((700, HEIGHT - 80), "样张 SPECIMEN", font=_font(26), fill=(170, 170, 170))
    return image, draw


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
