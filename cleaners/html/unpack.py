"""Bodies that a page carries as data for its script, put into the markup where a reader gets to see them."""

import html
import json
import re

_STRING = r'"((?:[^"\\]|\\.)*)"'
_DETAIL = re.compile(r"\bDETAIL\b[\"']?\s*[:=]\s*\{")
_FIELDS = {
    "title": "标题",
    "document_number": "发文字号",
    "identifier": "索引号",
    "publisher": "发布机构",
    "display_publish_time": "发布日期",
    "date": "成文日期",
    "classify_main_name": "主题分类",
}
"""Keys of Southcms (gkmlpt) and the labels of the information block that its script writes."""

_FLAGS = {
    re.compile(r'"is_abolished"\s*:\s*(?:true|"?1)'): "废止",
    re.compile(r'"is_expired"\s*:\s*(?:true|"?1)'): "失效",
}


def unpack_script(text: str) -> str:
    r"""Add to a Southcms page (Guangdong) the information block and body that stand in its script as JSON.

    A page that shows its body in the markup, and one of any other system, comes back as it is.

    >>> unpack_script('<script>window._CONFIG = {"DETAIL":{"content":"<p>\\u7532</p>"}}</script>')[-43:]
    '<div class="article-content"><p>甲</p></div>'
    """
    if "_CONFIG" not in text or 'class="article-content' in text:
        return text
    start = _DETAIL.search(text)
    content = _value(text, "content", start.end()) if start else None
    if not start or not content:
        return text
    rows = [(label, _value(text, key, start.end())) for key, label in _FIELDS.items()]
    rows += [("有效性", meaning) for flag, meaning in _FLAGS.items() if flag.search(text, start.end())][:1]
    block = "".join(f"<tr><td>{label}：</td><td>{html.escape(value)}</td></tr>" for label, value in rows if value)
    return f'{text}<table class="xxgk">{block}</table><div class="article-content">{content}</div>'


def _value(text: str, key: str, start: int) -> str | None:
    found = re.compile(rf'"{key}"\s*:\s*{_STRING}').search(text, start)
    if not found:
        return None
    try:
        return str(json.loads(f'"{found[1]}"', strict=False)).strip()
    except ValueError:
        return None
