"""The library face: one call a page or text."""

from output.build import clean_item
from output.raw import RawItem
from output.record import Record, Rejected


def clean_page(body: bytes, *, url: str | None = None, content_type: str | None = None) -> Record | Rejected:
    """Clean a page's bytes. `content_type` is the HTTP header's value; its charset is evidence, not order.

    >>> page = "<title>某市</title><p>某市政府辦公廳牽頭,推出民生政策宣講,深入基層。".encode("big5")
    >>> clean_page(page).text
    '某市政府办公厅牵头，推出民生政策宣讲，深入基层。'
    """
    return clean_item(RawItem(url=url, body=body, content_type=content_type))


def clean_text(text: str, *, url: str | None = None, site_text: str = "") -> Record | Rejected:
    """Clean a text, a paragraph a line.

    `site_text` is intact text of the same site, if there is some: its words help to choose among the repairs of a damaged run.

    >>> damaged = "申請人以?：峁⿹５?，應當及時辦理手續，並由主管部門出具書面證明。"
    >>> clean_text(damaged, site_text="企業可以向海關提交保函，以保函提供擔保的，海關應當受理。").text
    '申请人以保函提供担保的，应当及时办理手续，并由主管部门出具书面证明。'
    """
    return clean_item(RawItem(url=url, text=text), site_text)
