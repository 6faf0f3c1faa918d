"""Which names of files and folders are safe to carry through reports, and which are noise."""

import unicodedata

_NOISE = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "__macosx", "@eadir", "icon\r"})
_NOISE_STARTS = ("~$", "._", ".~lock.")
_NOT_IN_IDS = frozenset('<>:"/\\|?*')
_MAX_ID = 100


def is_noise(name: str) -> bool:
    """Whether an operating system or an office programme left this file behind."""
    return name.lower() in _NOISE or name.startswith(_NOISE_STARTS)


def to_nfc(name: str) -> str:
    """`name` composed (NFC); bytes that are no UTF-8 show as U+FFFD, control characters likewise."""
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    shown = "".join("\ufffd" if _is_control(character) else character for character in shown)
    return unicodedata.normalize("NFC", shown)


def why_unsafe(name: str) -> str | None:
    """Why one file or folder name is not accepted (Chinese), or None when it is."""
    if any(0xDC80 <= ord(character) <= 0xDCFF for character in name):
        return "文件名不是有效的 UTF-8 编码（可能解压时编码不对）。请改名后重新放入。"
    if any(_is_control(character) for character in name):
        return "文件名含有控制字符。请改名后重新放入。"
    if "\\" in name:
        return "文件名含有“\\”（可能解压时目录分隔符不对）。请改名后重新放入。"
    return None


def why_unsafe_id(name: str) -> str | None:
    """Why a dossier id cannot name report files (Chinese), or None when it can."""
    if (
        why_unsafe(name)
        or name.startswith(".")
        or name != name.strip()
        or name.endswith(".")
        or len(name) > _MAX_ID
        or set(name) & _NOT_IN_IDS
    ):
        return (
            '申报编号（文件夹名）只能用文字、数字和连字符，不能含空白开头结尾、控制字符或 < > : " / \\ | ? *，'
            f"不超过 {_MAX_ID} 个字符。请改名。"
        )
    return None


def declared_path(text: str) -> str | None:
    """A declared material's path as `materials/…`, or None when it could lead out of the folder."""
    path = unicodedata.normalize("NFC", text.strip()).replace("\\", "/")
    parts = path.split("/")
    leads_out = path.startswith("/") or ".." in parts or path[1:2] == ":"
    if not path or leads_out or any(_is_control(character) for character in path):
        return None
    return "/".join(part for part in parts if part not in ("", "."))


def _is_control(character: str) -> bool:
    """Control characters, and those that turn the direction of what follows ("gpj.pdf")."""
    return (
        unicodedata.category(character) in ("Cc", "Zl", "Zp")
        or 0x202A <= ord(character) <= 0x202E
        or 0x2066 <= ord(character) <= 0x2069
    )
