"""State-secret marks (GB/T 9704, 7.2.2: level, or level★term, at the top of a page)."""

import re
from collections.abc import Iterable

from pipeline.model.reading import Line

MARKED = "页面带有密级标志，已停止处理，内容未保存。请撤回该文件，不得上传涉密材料。"

_LEVEL = "(?:绝密|机密|秘密)"
_STARRED = re.compile(rf"^{_LEVEL}[★☆✩⭐*＊]")
_FOR_YEARS = re.compile(rf"^{_LEVEL}.?\d{{1,2}}年$")
_TERMED = re.compile(rf"^{_LEVEL}.?(?:长期|启用前|解密前|\d{{4}}年\d{{1,2}}月.*)$")
_LABELLED = re.compile(rf"^密级[:：]?{_LEVEL}(?:$|[★☆*＊])")
_ALONE = re.compile(rf"^{_LEVEL}$")
_TOP = 0.15


def bears_mark(lines: Iterable[Line], height: float) -> bool:
    """True when a line is a state-secret mark. `height` is the page's, in the lines' pixels.

    A level alone counts at the top of a page only; 商业秘密 and the like begin otherwise.
    """
    for line in lines:
        text = "".join(line.text.split())
        if any(p.search(text) for p in (_STARRED, _FOR_YEARS, _TERMED, _LABELLED)):
            return True
        if _ALONE.search(text) and line.centre[1] < _TOP * height:
            return True
    return False
