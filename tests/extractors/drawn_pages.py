"""Hand-drawn readings: text put at places, as a recogniser or a text layer would give it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin

from pipeline.model.document import DocumentReading
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Line, PageReading, Segment


def width_of(text: str, size: float) -> float:
    return sum(size if ord(c) > 0x2E00 else size * 0.5 for c in text)


@dataclass
class Drawing:
    """A page under construction; coordinates in pixels, `y` is the middle of the line."""

    width: int = 1684
    height: int = 1190
    lines: list[Line] = field(default_factory=list)
    rules: list[Segment] = field(default_factory=list)

    def write(
        self, x: float, y: float, text: str, *, size: float = 20, confidence: float = 0.98,
        centred: bool = False,
    ) -> None:  # fmt: skip
        if not text:
            return
        left = x - width_of(text, size) / 2 if centred else x
        spans, at = [], left
        for c in text:
            step = width_of(c, size)
            spans.append((at, at + step))
            at += step
        self.lines.append(
            Line(text=text, rect=(left, y - size / 2, at, y + size / 2),
                 confidence=confidence, spans=tuple(spans))
        )  # fmt: skip

    def merge(self, *texts: str) -> None:
        """Joins the lines of these texts (left to right) into one, as a detector that saw one box."""
        parts = [next(line for line in self.lines if line.text == t) for t in texts]
        for part in parts:
            self.lines.remove(part)
        self.lines.append(
            Line(
                text="".join(p.text for p in parts),
                rect=(parts[0].rect[0], min(p.rect[1] for p in parts), parts[-1].rect[2],
                      max(p.rect[3] for p in parts)),
                confidence=min(p.confidence for p in parts),
                spans=tuple(s for p in parts for s in p.spans),
            )
        )  # fmt: skip

    def misread(self, old: str, new: str) -> None:
        """The first line that reads `old` now reads `new` (spans spread over the same place)."""
        i = next(i for i, line in enumerate(self.lines) if line.text == old)
        line = self.lines[i]
        step = (line.rect[2] - line.rect[0]) / len(new)
        spans = tuple(
            (line.rect[0] + k * step, line.rect[0] + (k + 1) * step) for k in range(len(new))
        )
        self.lines[i] = line.model_copy(update={"text": new, "spans": spans})

    def lose(self, text: str) -> None:
        """The first line of that text was not detected."""
        self.lines.remove(next(line for line in self.lines if line.text == text))

    def page(self, number: int = 1, *, turn: float = 0.0) -> PageReading:
        """The page, its lines turned by `turn` degrees about the origin and boxed upright again."""
        lines = [_turned(line, turn) for line in self.lines] if turn else self.lines
        return PageReading(
            number=number, width=self.width, height=self.height, upright_width=self.width,
            upright_height=self.height, rules=tuple(self.rules),
            lines=tuple(sorted(lines, key=lambda line: (line.centre[1], line.rect[0]))),
        )  # fmt: skip


def _turned(line: Line, degrees: float) -> Line:
    a = radians(degrees)

    def at(x: float, y: float) -> tuple[float, float]:
        return (x * cos(a) - y * sin(a), x * sin(a) + y * cos(a))

    x0, y0, x1, y1 = line.rect
    corners = [at(x, y) for x in (x0, x1) for y in (y0, y1)]
    middle = (y0 + y1) / 2
    spans = tuple((at(s, middle)[0], at(e, middle)[0]) for s, e in line.spans)
    rect = (
        min(c[0] for c in corners), min(c[1] for c in corners),
        max(c[0] for c in corners), max(c[1] for c in corners),
    )  # fmt: skip
    return line.model_copy(update={"rect": rect, "spans": spans})


def paper(kind: DocumentKind, pages: Iterable[PageReading]) -> DocumentReading:
    return DocumentReading(kind=kind, kind_confidence=0.99, pages=tuple(pages))


SICHUAN_COLUMNS = (90, 230, 370, 470, 580, 690, 800, 910, 1020, 1130, 1240, 1440)
"""Centres of the twelve columns of the Sichuan form."""


@dataclass
class SichuanRow:
    month: str
    number: str = "5101000234"
    base: float | None = 4071.0
    place: str = "成都市高新区"

    def cells(self) -> tuple[str, ...]:
        if self.base is None:
            return (self.month, self.number, "", "", "", "", "", "", "", "", "", self.place)
        rates = (None, 0.16, 0.08, None, 0.006, 0.004, None, 0.002)
        amounts = tuple(f"{self.base * (r or 1):.2f}" for r in rates)
        return (self.month, self.number, "企业养老", *amounts, self.place)


def sichuan_page(
    rows: Sequence[SichuanRow],
    *,
    period: str = "2022年01月至2022年12月",
    payers: str = "5101000234: 四川云岚样例信息技术有限公司",
    header: bool = True,
    note: bool = True,
) -> Drawing:
    """A page of the 四川省社会保险个人参保证明."""
    page = Drawing()
    y = 60.0
    if header:
        page.write(842, y, "四川省社会保险个人参保证明", size=36, centred=True)
        page.write(60, 120, "参保人姓名：")
        page.write(190, 120, "林样例")
        page.write(420, 120, "性别：女")
        page.write(620, 120, "社会保障号码：510102199203072345")
        page.write(60, 165, "（一）历年参保基本情况")
        for i, particulars in enumerate((("险种", "当前缴费状态", "累计月数(个)"),
                                 ("企业职工基本养老保险", "参保缴费", "36"),
                                 ("失业保险", "参保缴费", "36"),
                                 ("工伤保险", "参保缴费", "36"))):  # fmt: skip
            for x, text in zip((280, 840, 1400), particulars, strict=True):
                page.write(x, 205 + 34 * i, text, centred=True)
        page.write(60, 350, f"（二）{period}的参保缴费明细")
        page.write(1480, 350, "单位: 元")
        for x, text in ((527, "养老保险"), (910, "失业保险"), (1185, "工伤保险")):
            page.write(x, 390, text, centred=True)
        for x, text in zip(
            SICHUAN_COLUMNS,
            ("缴费月份", "参保单位编号", "类型", "缴费基数", "单位缴纳", "个人缴纳", "缴费基数",
             "单位缴纳", "个人缴纳", "缴费基数", "单位缴纳", "参保地"),
            strict=True,
        ):  # fmt: skip
            page.write(
                x,
                408 if text in ("缴费月份", "参保单位编号", "参保地") else 424,
                text,
                centred=True,
            )
        y = 460.0
    for row in rows:
        for x, text in zip(SICHUAN_COLUMNS, row.cells(), strict=True):
            page.write(x, y, text, centred=True)
        y += 34
    if note:
        page.write(60, y + 10, "打印时间：2022年12月28日")
        page.write(60, y + 44, f"说明：1. 表中“单位编号”对应的单位名称为：{payers}。")
        page.write(
            60,
            y + 78,
            "2. 本证明采用电子验证方式，不再加盖红色公章。登录后输入验证码ab12cd34ef56进行验证。",
        )
    return page
