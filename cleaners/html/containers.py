"""Where the content systems of government and news sites put the body: names that hold the text and nothing else."""

from functools import lru_cache
from typing import NamedTuple

ORIGINS = {
    "govcn": "www.gov.cn and its provincial copies",
    "trs": "TRS WCM editors and templates",
    "hanweb": "Hanweb JCMS and jpaas templates",
    "ucap": "Kaipuyun UCAP",
    "nfcms": "Southcms gkmlpt, Guangdong",
    "vsb": "VSB site builder",
    "sudy": "Sudy webplus",
    "lonsun": "Lonsun, Anhui",
    "wechat": "WeChat public accounts",
    "news": "news sites that carry or reprint official texts",
    "common": "names in use across home-made templates",
}
"""The content systems the names come from."""


class Container(NamedTuple):
    """A container's name and the content system it belongs to; names are compared in lower case."""

    name: str
    origin: str


BY_ID: dict[str, str] = {
    "ucap-content": "ucap",
    "ucapcontent": "ucap",
    "zoomcon": "ucap",
    "zoom": "trs",
    "ivs_content": "hanweb",
    "js_content": "wechat",
    "vsb_content": "vsb",
    "artibody": "news",
    "artical_real": "news",
    "main_content": "news",
    "endtext": "news",
    "detailcontent": "news",
    "mp-editor": "news",
    "the_content": "news",
    "rwb_zw": "news",
    "content_area": "news",
    "articlecontent": "common",
    "article-content": "common",
    "article_content": "common",
    "newscontent": "common",
    "news_content": "common",
    "arccontent": "common",
    "contenttext": "common",
    "content_main": "common",
    "text_content": "common",
    "textcontent": "common",
    "fontzoom": "common",
    "bodytext": "common",
    "maincontent_text": "common",
}
"""Container ids, in lower case."""

BY_CLASS: dict[str, str] = {
    "trs_editor_view": "trs",
    "trs_ueditor": "trs",
    "trs_editor": "trs",
    "artile_zw": "hanweb",
    "bt-content": "hanweb",
    "zc_article_con": "hanweb",
    "art-con": "hanweb",
    "article_content": "ucap",
    "detail-news": "ucap",
    "article-content": "nfcms",
    "tyxxy_main": "nfcms",
    "news_cont_d_wrap": "nfcms",
    "v_news_content": "vsb",
    "wp_articlecontent": "sudy",
    "j-fontcontent": "lonsun",
    "newscontnet": "lonsun",
    "wenzhang_main": "lonsun",
    "pages_content": "govcn",
    "xxgk_content": "trs",
    "article-con": "trs",
    "view": "trs",
    "rich_media_content": "wechat",
    "post_body": "news",
    "rm_txt_con": "news",
    "u-maintext": "news",
    "show_text": "news",
    "entry-content": "common",
    "articlecontent": "common",
    "article-body": "common",
    "article_body": "common",
    "art_content": "common",
    "artcontent": "common",
    "news_content": "common",
    "newscontent": "common",
    "news-content": "common",
    "content-text": "common",
    "con_text": "common",
    "content_text": "common",
    "text_con": "common",
    "zwcontent": "common",
    "zhengwen": "common",
}
"""Container classes, in lower case."""

BY_TAG: dict[str, str] = {"ucapcontent": "ucap"}
"""Elements of a content system's own."""

MARKERS: tuple[tuple[str, str, str], ...] = (
    ("ZJEG_RSS.content.begin", "ZJEG_RSS.content.end", "hanweb"),
    ("<$[信息内容]>begin", "<$[信息内容]>end", "hanweb"),
    ("publish_helper_begin", "publish_helper_end", "news"),
)
"""Comments that open and close the body."""


@lru_cache(maxsize=8192)
def container_name(tag: str, ident: str) -> str | None:
    """The known container an element is, by its tag, id or one of its classes (`ident`: id, space, classes).

    >>> container_name("div", "UCAP-CONTENT trs_editor_view"), container_name("div", "vsb_content_1001 x")
    ('#ucap-content', '#vsb_content')
    >>> container_name("div", " sidebar")
    """
    if tag in BY_TAG:
        return tag
    if not ident:
        return None
    first, *classes = ident.lower().split(" ")
    if first in BY_ID:
        return "#" + first
    if first.startswith("vsb_content"):
        return "#vsb_content"
    for name in classes:
        if name in BY_CLASS:
            return "." + name
    return None
