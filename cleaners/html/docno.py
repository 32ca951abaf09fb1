"""Document numbers (发文字号) as issuers write them."""

import re

_ISSUER = r"[\u4e00-\u9fffA-Z]{1,14}(?:[（(][\u4e00-\u9fff]{1,6}[）)])?[\u4e00-\u9fff]{0,8}"
_YEAR = r"(?:19|20)\d\d\s*年?"
_ISSUERS = r"(?:[\u4e00-\u9fff]{2,16}\s+){0,4}"
_PLAIN = r"[\d〇零一二三四五六七八九十百]{1,6}"
_NUMBER = re.compile(
    rf"^[（(]?({_ISSUER}\s*[〔\[【（(﹝［]\s*{_YEAR}\s*[〕\]】）)﹞］]\s*(?:第\s*)?\d{{1,5}}(?:-\d+)?\s*号)[）)]?$"
    rf"|^({_ISSUERS}(?:[\u4e00-\u9fff]{{2,20}}\s*)?令?\s*第\s*{_PLAIN}\s*号)$"
    rf"|^({_ISSUERS}[\u4e00-\u9fff]{{1,20}}(?:令|公告|通告)\s*[（(]\s*第\s*{_PLAIN}\s*号\s*[）)])$"
    rf"|^({_ISSUERS}[\u4e00-\u9fff]{{0,20}}(?:令|公告|通告)\s*{_YEAR}\s*第\s*\d{{1,4}}\s*号)$"
    r"|^[（(]?((?:19|20)\d\d年\s*第?\s*\d{1,4}\s*号)[）)]?$"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def read_doc_no(line: str) -> str | None:
    """The document number that fills a line, inner spaces gone; a number within a sentence is left.

    >>> read_doc_no("国办函〔2018〕71号"), read_doc_no(" 第 706 号 "), read_doc_no("商务部公告2026年第11号")
    ('国办函〔2018〕71号', '第706号', '商务部公告2026年第11号')
    >>> read_doc_no("根据国发〔2015〕5号文件")
    """
    found = _NUMBER.match(line.translate(_FULL_WIDTH).strip()) if "号" in line and len(line) < 60 else None
    if not found:
        return None
    return "".join(next(filter(None, found.groups())).split())
