"""Why an upload is refused, in words a clerk can pass on: what is the matter, then what to do.

Every sentence here is explained in `docs/intake.md`; a test keeps the two together.
"""

EMPTY = "文件是空的（0 字节）。请重新上传。"
BLANK_BYTES = "文件内容全部为零，上传或拷贝时已损坏。请重新上传原文件。"
TRUNCATED = "文件不完整，后半部分缺失（可能上传中断）。请重新上传完整的文件。"
CORRUPT = "文件已损坏，无法打开。请重新扫描或导出后上传。"
ENCRYPTED = "文件已加密，需要密码才能打开。请上传未加密的版本。"
UNKNOWN_ENCRYPTION = "文件使用了不支持的加密方式。请上传未加密的版本。"
XFA_ONLY = "文件是 XFA 动态表单，正文只能在专用软件中显示。请在该软件中打印为 PDF 后上传。"
NO_PAGES = "文件中没有任何页面。请重新导出后上传。"
NO_DRAWABLE_PAGE = "文件的所有页面都无法显示。请重新扫描或导出后上传。"
NOT_A_FILE = "不是普通文件，未读取。请上传文件本身。"
UNREADABLE_FILE = "文件无法读取（可能没有读取权限或磁盘出错）。请检查后重新上传。"
OFD = "文件是 OFD 版式文件，目前不能读取。请用 OFD 阅读器另存为 PDF 后上传。"
OFFICE = "文件是 Office/WPS 文档，不是扫描件。请导出为 PDF 后上传。"
ARCHIVE = "文件是压缩包。请解压后逐个上传其中的 PDF 或图片。"
WEB_PAGE = "文件是网页或纯文本，不是 PDF 或图片。请打印为 PDF 或截图后上传。"
UNSUPPORTED = "文件类型不支持。请上传 PDF、JPG、PNG、WebP、BMP、TIFF 或 HEIC。"


def too_large(size: int, limit: int) -> str:
    """Why a file over `limit` bytes is not opened."""
    return (
        f"文件过大（{size / 2**20:.1f} MB，上限 {limit / 2**20:.0f} MB）。"
        "请降低扫描分辨率或拆分后上传。"
    )


def too_many_pages(count: int, limit: int) -> str:
    """Why a file over `limit` pages is not opened."""
    return f"页数过多（{count} 页，上限 {limit} 页）。请拆分后上传，只保留所需材料。"


def too_many_pixels(width: int, height: int, limit: int) -> str:
    """Why a picture over `limit` pixels is not decoded."""
    return (
        f"图像尺寸过大（{width}×{height} 像素，上限约 {limit / 1e6:.0f} 百万像素）。"
        "请降低分辨率后上传。"
    )


def wrong_extension(suffix: str, actual: str) -> str:
    """Why a file whose name says one type and whose content is another is not opened."""
    named = f"扩展名是 {suffix}" if suffix else "没有扩展名"
    return f"文件{named}，但实际内容是 {actual}。请确认文件正确，改正扩展名或重新导出后上传。"
