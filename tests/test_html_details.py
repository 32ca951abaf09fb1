"""Details of pages in the forms that real ones have: each form on a small page of its own, read as a reader would."""

import pytest

from cleaners.core import Clean, clean_page
from cleaners.html import PageText, read_page
from cleaners.html.dates import read_date
from cleaners.html.docno import read_doc_no
from cleaners.meta import Attachment
from cleaners.reason import Rejection

URL = "http://www.example.gov.cn/zwgk/tz/202410/t20241015_123456.html"
TITLE = "云岭县人民政府办公室关于做好森林防火工作的通知"
PARAGRAPHS = [
    "各乡镇人民政府，县直有关部门：",
    "为进一步做好全县秋冬季森林防火工作，切实保护森林资源和人民群众生命财产安全，现将有关事项通知如下。",
    "要压实防火责任，落实网格化管理，护林员每日巡山不少于两次，发现火情立即报告，并做好先期处置。",
    "要强化野外火源管控，重点时段在主要路口设立检查站，严禁携带火种进山，对违规用火行为依法查处。",
    "县应急管理局、县林业局要加强督促检查，对工作不落实的单位予以通报，确保各项措施落到实处。",
]
SHORT = "因线路检修，10月20日8时至18时青石镇停电，请周知。"
NAV = '<div class="top"><a href="/">网站首页</a><a href="/zwgk/">政务公开</a></div><div>您当前所在位置：<a href="/">首页</a> &gt; 通知公告</div>'
FOOT = "<div><p>主办：云岭县人民政府办公室</p><p>网站标识码：5300000001 滇ICP备05000001号</p><p>地址：云岭县府前街1号 邮编：650000</p></div>"
HEADER = f"<h1>{TITLE}</h1><div>发布时间：2024-10-15 09:30　来源：云岭县林业局　字号：[大 中 小]</div>"


def _ps(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def _page(body: str, head: str = "", title: str = f"{TITLE}_通知公告_云岭县人民政府网") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{NAV}{body}{FOOT}</body></html>".encode()


def _read(body: bytes, url: str | None = URL) -> Clean:
    done = clean_page(body, url)
    assert isinstance(done, Clean), done
    return done


def _lines(body: str, head: str = "", box: str = "zoom") -> list[str]:
    return _read(_page(f'{HEADER}<div id="{box}">{body}</div>', head)).text.split("\n")


@pytest.mark.parametrize(
    ("shown", "iso"),
    [
        ("2024-10-15 下午3:20", "2024-10-15T15:20"),
        ("2024年10月15日 上午9时5分", "2024-10-15T09:05"),
        ("2024年10月15日 星期二 09:30", "2024-10-15T09:30"),
        ("2024年10月15日（星期二）", "2024-10-15"),
        ("２０２４年１０月１５日", "2024-10-15"),
        ("二〇二四年十月廿五日", "2024-10-25"),
        ("二〇二四年元月五日", "2024-01-05"),
        ("2024年十月十五日", "2024-10-15"),
        ("2024-10-15T01:30:00Z", "2024-10-15T09:30:00"),
        ("2024-10-15T09:30+08:00", "2024-10-15T09:30"),
        ("2024 10/15 09:30", "2024-10-15T09:30"),
        ("10-15 2024", "2024-10-15"),
        ("15 2024年10月", "2024-10-15"),
        ("2024年10月", None),
        ("2024-13-45", None),
        ("2024-10-15T99:30:00Z", "2024-10-15"),
    ],
)
def test_forms_of_dates(shown: str, iso: str | None) -> None:
    assert read_date(shown) == iso


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("云政办发〔２０２４〕３１号", "云政办发〔2024〕31号"),
        ("云岭县人民政府令（第12号）", "云岭县人民政府令（第12号）"),
        ("财政部 税务总局公告2024年第5号", "财政部税务总局公告2024年第5号"),
        ("国家发展改革委 财政部令 2024年第15号", "国家发展改革委财政部令2024年第15号"),
        ("云岭县公安局通告 2024年第3号", "云岭县公安局通告2024年第3号"),
        ("云政办发〔2024〕31号附件", None),
    ],
)
def test_forms_of_document_numbers(line: str, number: str | None) -> None:
    assert read_doc_no(line) == number


PAIRS = [
    ("索　引　号", "YL01/2024-00031"),
    ("发 文 机 关", "云岭县人民政府办公室"),
    ("发 文 字 号", "云政办发〔2024〕31号"),
    ("成文日期", "2024年10月14日"),
    ("有 效 性", "未失效"),
]


@pytest.mark.parametrize(
    "block",
    [
        "<ul>" + "".join(f"<li><em>[{label}]</em>{value}</li>" for label, value in PAIRS) + "</ul>",
        "<ul>" + "".join(f"<li><b>{label}</b><span>{value}</span></li>" for label, value in PAIRS) + "</ul>",
        "".join(f"<p>【{label}】{value}</p>" for label, value in PAIRS),
        "<div>" + "".join(f"<span>{label}：</span><span>{value}</span>" for label, value in PAIRS) + "</div>",
        "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in PAIRS) + "</dl>",
    ],
    ids=["brackets", "bare", "full brackets", "spans in a row", "dl"],
)
def test_forms_of_the_information_block(block: str) -> None:
    page = _read(_page(f"{block}<h1>{TITLE}</h1><div id=zoom>{_ps(PARAGRAPHS)}</div>"))
    assert page.text.split("\n") == PARAGRAPHS
    meta = page.meta
    assert (meta.index_no, meta.issuer, meta.doc_no) == (
        "YL01/2024-00031",
        "云岭县人民政府办公室",
        "云政办发〔2024〕31号",
    )
    assert (meta.written_on, meta.validity) == ("2024-10-14", "有效")


@pytest.mark.parametrize(
    ("header", "source", "author", "published_at"),
    [
        ("星期三 云岭日报 2024-10-16", "云岭日报", None, "2024-10-16"),
        ("2024年10月16日 星期三 云岭日报", "云岭日报", None, "2024-10-16"),
        ("来源：县林业局(县绿化办) 2024-10-15", "县林业局（县绿化办）", None, "2024-10-15"),
        ("2024-10-15 文/周小燕 图/李四方", None, "周小燕", "2024-10-15"),
        ("稿件来源: 县融媒体中心 发布人：管理员 更新时间：2024-10-15 17:20", "县融媒体中心", None, "2024-10-15T17:20"),
        ("更新时间：2024-10-16 10:00 发布时间：2024-10-15 09:30 来源：县报", "县报", None, "2024-10-15T09:30"),
        ("云岭县林业局 | 2024-10-15 09:30 | 浏览量 32", "云岭县林业局", None, "2024-10-15T09:30"),
        ("<span>云岭县林业局</span><span>2024-10-15 09:30</span>", "云岭县林业局", None, "2024-10-15T09:30"),
        (
            "<p>来源：</p><p>云岭县林业局</p><p>发布时间：</p><p>2024-10-15 09:30</p>",
            "云岭县林业局",
            None,
            "2024-10-15T09:30",
        ),
        ("<p>2024</p><p>10/15</p><p>09:30</p>", None, None, "2024-10-15T09:30"),
    ],
)
def test_forms_of_the_header(header: str, source: str | None, author: str | None, published_at: str) -> None:
    page = _read(_page(f"<h1>{TITLE}</h1><div>{header}</div><div class=c>{_ps(PARAGRAPHS)}</div>"), url=None)
    assert page.text.split("\n") == PARAGRAPHS
    assert (page.meta.source, page.meta.author, page.meta.published_at) == (source, author, published_at)


def test_date_beside_the_title() -> None:
    box = "<div><span>15</span><span>2024年10月</span></div>"
    page = _read(_page(f"{box}<h1>{TITLE}</h1><div class=c>{_ps(PARAGRAPHS)}</div>"), url=None)
    assert (page.meta.published_at, page.provenance["published_at"]) == ("2024-10-15", "date above the title")


def test_reprint_from_a_paper() -> None:
    page = _read(_page(f"<h1>{TITLE}</h1><div>{_ps([*PARAGRAPHS, '（转载自《云岭日报》）'])}</div>"))
    assert page.text.split("\n") == PARAGRAPHS
    assert page.meta.source == "云岭日报"


def test_linked_data_in_a_graph() -> None:
    data = (
        '{"@graph":[{"@type":"WebSite","name":"云岭网"},{"@type":"NewsArticle","headline":"甲","datePublished":"2024-10-15T01:30:00Z",'
        '"author":[{"name":"周小燕"}]}]}'
    )
    head = f'<script type="application/ld+json">{data}</script>'
    page = _read(_page(f"<h1>{TITLE}</h1><div>{_ps(PARAGRAPHS)}</div>", head), url=None)
    assert (page.meta.published_at, page.meta.author) == ("2024-10-15T09:30:00", "周小燕")


@pytest.mark.parametrize(
    ("heading", "tag", "title"),
    [
        ("2024年1—9月全县经济运行情况", "2024年1—9月全县经济运行情况 - 云岭县统计局", "2024年1—9月全县经济运行情况"),
        (TITLE, "云岭县人民政府办公室关于做好森林防…_云岭县人民政府网", TITLE),
        (TITLE, "政策文件-云岭县人民政府", TITLE),
        (
            "2024年第4期",
            "云岭公报2024年第4期：关于做好森林防火工作的通知_云岭网",
            "云岭公报2024年第4期：关于做好森林防火工作的通知",
        ),
    ],
)
def test_titles(heading: str, tag: str, title: str) -> None:
    page = _read(_page(f"<h1>{heading}</h1><div>{_ps(PARAGRAPHS)}</div>", title=tag))
    assert page.meta.title == title


def test_document_number_in_the_title() -> None:
    title = f"{TITLE}（云政办发〔2024〕31号）"
    page = _read(_page(f"<h1>{title}</h1><div>{_ps(PARAGRAPHS)}</div>", title=title))
    assert page.meta.doc_no == "云政办发〔2024〕31号"


@pytest.mark.parametrize(
    ("markup", "attachment"),
    [
        (
            '<p><a href="/attach/download?id=3">附件1.分工表.docx</a></p>',
            ("/attach/download?id=3", "附件1.分工表.docx", "docx"),
        ),
        (
            '<p><a href="/_content/download.jsp?id=3">附件【表.xlsx】</a></p>',
            ("/_content/download.jsp?id=3", "附件【表.xlsx】", "xlsx"),
        ),
        (
            '<div class="wp_pdf_player" pdfsrc="/u/a.pdf" sudyfile-attr="{\'title\':\'责任表.pdf\'}"></div>',
            ("/u/a.pdf", "责任表.pdf", "pdf"),
        ),
        ('<p><iframe src="/pdfjs/viewer.html?file=/u/x.pdf"></iframe></p>', ("/u/x.pdf", None, "pdf")),
    ],
    ids=["named by its text", "download service", "player", "frame"],
)
def test_attachments(markup: str, attachment: tuple[str, str | None, str]) -> None:
    address, name, kind = attachment
    page = _read(_page(f"{HEADER}<div id=zoom>{_ps(PARAGRAPHS)}{markup}</div>"))
    assert page.meta.attachments == (Attachment(f"http://www.example.gov.cn{address}", name, kind),)


def test_attachments_lie_against_the_base_of_the_page() -> None:
    body = f'{HEADER}<div id=zoom>{_ps(PARAGRAPHS)}<p><a href="u/a.pdf">表</a></p></div>'
    page = _read(_page(body, head='<base href="http://cdn.example.gov.cn/x/">'))
    assert page.meta.attachments[0].url == "http://cdn.example.gov.cn/x/u/a.pdf"


OPENING, FIRST, SECOND = (
    "现将有关事项公告如下，请各单位认真执行。",
    "报名时间为每日上午九时，逾期不再受理。",
    "报名地点为县政务服务中心二楼，凭证件办理。",
)


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        (f'<ol start="3"><li>{FIRST}</li><li value="7">{SECOND}</li></ol>', [f"3. {FIRST}", f"7. {SECOND}"]),
        (f'<ol type="A"><li>{FIRST}</li><li>{SECOND}</li></ol>', [f"A. {FIRST}", f"B. {SECOND}"]),
        (f'<ol type="i"><li>{FIRST}</li><li>{SECOND}</li></ol>', [f"i. {FIRST}", f"ii. {SECOND}"]),
        (f"<ol><li>一、{FIRST}</li><li>二、{SECOND}</li></ol>", [f"一、{FIRST}", f"二、{SECOND}"]),
        (f'<ol style="list-style:none"><li>{FIRST}</li><li>{SECOND}</li></ol>', [FIRST, SECOND]),
        (f"<style>ol, ul{{list-style:none}}</style><ol><li>{FIRST}</li><li>{SECOND}</li></ol>", [FIRST, SECOND]),
    ],
    ids=["start and value", "letters", "roman", "numbered by the author", "unstyled", "unstyled by sheet"],
)
def test_numbers_of_lists(items: str, shown: list[str]) -> None:
    assert _lines(f"<p>{OPENING}</p>{items}") == [OPENING, *shown]


@pytest.mark.parametrize(
    ("css", "markup", "seen"),
    [
        (".tab{display:none} .tab.on{display:block}", '<div class="tab on">{}</div>', True),
        (".tab{display:none} .tab.on{display:block}", '<div class="tab">{}</div>', False),
        (".tab{display:none}", '<div class="tab" style="display:block">{}</div>', True),
        ("p.tab{display:none}", '<div class="tab">{}</div>', True),
        ("p.tab{display:none}", '<p class="tab">{}</p>', False),
        ("#tab{display:none}", '<div id="tab">{}</div>', False),
    ],
)
def test_what_style_sheets_hide(css: str, markup: str, seen: bool) -> None:
    told = "会议强调，要抓好落实，压实责任，确保安全生产形势稳定。"
    lines = _lines(_ps(PARAGRAPHS) + markup.format(told), head=f"<style>{css}</style>")
    assert lines == [*PARAGRAPHS, told] if seen else lines == PARAGRAPHS


def test_injected_elements_do_not_cut_a_paragraph() -> None:
    skeleton = '<tt id="k3x9a"></tt><dl id="k3x9a"><kbd id="k3x9a"></kbd></dl><progress id="k3x9a"><track id="k3x9a"></progress>'
    page = _read(_page(HEADER + "".join(f"<p>{line[:10]}{skeleton}{line[10:]}</p>" for line in PARAGRAPHS)))
    assert page.text.split("\n") == PARAGRAPHS
    assert page.pruned >= 5 * 5


def test_text_goes_on_behind_a_container_that_closes_early() -> None:
    page = _read(_page(f"{HEADER}<div id=zoom>{_ps(PARAGRAPHS[:2])}</div></div>{_ps(PARAGRAPHS[2:])}"))
    assert page.text.split("\n") == PARAGRAPHS


def test_paragraphs_beside_heavy_navigation_are_one_text() -> None:
    links = "".join(f'<a href="/c{i}/">栏目导航第{i}项链接文字</a> ' for i in range(40))
    told = ["王建国，男，汉族，1970年3月生，大学学历，现任县委副书记、县长。", "主持县政府全面工作，分管审计等工作。"]
    page = _read(_page(f"<div>{links}</div><h1>王建国</h1>{_ps(told)}", title="王建国_领导之窗"))
    assert page.text.split("\n") == told


def test_a_collection_of_links_keeps_them() -> None:
    links = [f"云岭县人民政府办公室关于印发第{i}号森林防火预案的通知" for i in range(1, 12)]
    opening = "现将近年来森林防火有关政策文件汇编如下，供学习参考。"
    listed = "".join(f'<p><a href="/{i}.html">{text}</a></p>' for i, text in enumerate(links))
    body = f"{HEADER}<div id=zoom><p>{opening}</p>{listed}"
    assert _read(_page(body + "</div>")).text.split("\n") == [opening, *links]
    assert _read(_page(f"{body}{_ps(PARAGRAPHS)}</div>")).text.split("\n") == [opening, *links, *PARAGRAPHS]


def test_a_line_of_links_in_a_box_of_advertisements_goes() -> None:
    box = '<div class="ad"><a href=1>本县特产上市欢迎选购</a><a href=2>旅游节开幕欢迎光临</a></div>'
    page = _read(_page(f"{HEADER}<div class=c>{_ps(PARAGRAPHS[:2])}{box}{_ps(PARAGRAPHS[2:])}</div>"))
    assert page.text.split("\n") == PARAGRAPHS


def test_addresses_are_the_sites_in_its_footer_and_the_texts_elsewhere() -> None:
    told = [
        "地址：云岭县府前街12号林业大楼三楼",
        "邮编：650000",
        "电话：0871-12345678",
        "办公时间：周一至周五8:30—17:30，法定节假日除外。",
    ]
    page = _read(_page(f"<h1>云岭县林业局联系方式</h1><div class=c>{_ps(told)}</div>", title="云岭县林业局联系方式"))
    assert page.text.split("\n") == told


LIST = "".join(
    f'<li><a href="{i}.html">云岭县关于公布第{i}批惠农补贴发放名单的公告</a><span>2024-10-{i:02d}</span></li>'
    for i in range(1, 6)
)
TOMCAT = "<p><b>type</b> Status report</p><p><b>description</b> <u>The requested resource is not available.</u></p>"


@pytest.mark.parametrize(
    ("body", "title", "detail"),
    [
        (f"<ul>{LIST}</ul>", "通知公告_云岭县人民政府网", "list page"),
        ("<p>很抱歉，没有找到相关信息。</p>", "提示", "error page"),
        (f"<h1>HTTP Status 404 - /a.jsp</h1>{TOMCAT}", "Apache Tomcat/7.0 - Error report", "error page"),
        (
            "<h1>Internal Server Error</h1><p>The server encountered an internal error, and was unable to go on.</p>",
            "500 Internal Server Error",
            "error page",
        ),
        (
            '<h1>2024年预算报告</h1><iframe src="/pdfjs/viewer.html?file=/u/2024.pdf"></iframe>',
            "云岭县2024年预算报告全文",
            "attachment viewer",
        ),
        (f'{HEADER}<div id="zoom"><img src=1.jpg></div>', TITLE, "no text"),
    ],
    ids=["list", "soft 404", "tomcat", "server error", "viewer", "pictures"],
)
def test_what_is_no_article_at_an_articles_address(body: str, title: str, detail: str) -> None:
    done = clean_page(_page(body, title=title), "http://www.example.gov.cn/a/" if detail == "list page" else URL)
    assert isinstance(done, Rejection)
    assert done.detail == detail


@pytest.mark.parametrize("box", ['<div id="zoom">', '<div class="q">'])
def test_a_short_notice_between_many_links_is_an_article(box: str) -> None:
    menu = "".join(f'<a href="/c{i}/">栏目导航第{i}项链接文字</a> ' for i in range(60))
    body = f"<div>{menu}</div>{HEADER}{box}<p>{SHORT}</p></div>"
    assert _read(_page(body), "http://www.example.gov.cn/zwgk/10293/index.html").text == SHORT


def test_utf16_without_a_mark() -> None:
    body = _page(f"{HEADER}<div>{_ps(PARAGRAPHS)}</div>").decode()
    for codec in ("utf-16-le", "utf-16-be"):
        page = _read(body.encode(codec))
        assert page.text.split("\n") == PARAGRAPHS
        assert page.encoding is not None
        assert page.encoding.name == codec


PLAIN = "http://a.gov.cn/x/t20240517_123.html"
SECOND_PART = "http://a.gov.cn/x/t20240517_123_1.html"


@pytest.mark.parametrize(
    ("pager", "head", "url", "number"),
    [
        ('<a href="t20240517_123_1.html">下一页</a> 第1页 共3页', "", PLAIN, 1),
        ('<a href="t20240517_123.html">上一页</a><a href="t20240517_123_2.html">下一页</a> 2/3', "", SECOND_PART, 2),
        (
            '<b>1</b> <a href="t20240517_123_1.html">2</a> <a href="t20240517_123_2.html">3</a>',
            f'<link rel="canonical" href="{PLAIN}">',
            None,
            1,
        ),
        (
            '<b>1</b> <a href="t20240517_123_1.html">2</a> <a href="t20240517_123_2.html">3</a>',
            f'<meta name="Url" content="{PLAIN}">',
            None,
            1,
        ),
    ],
    ids=["turns", "turns in the middle", "canonical", "meta"],
)
def test_parts(pager: str, head: str, url: str | None, number: int) -> None:
    page = read_page(_page(f"{HEADER}<div id=zoom>{_ps(PARAGRAPHS)}<div>{pager}</div></div>", head), url)
    assert isinstance(page, PageText)
    assert page.part is not None
    assert (page.part.number, page.part.addresses) == (number, (PLAIN, SECOND_PART, PLAIN.replace(".html", "_2.html")))


@pytest.mark.parametrize(
    "pager", ['<a href="t20240517_123_1.html">下一页</a>', '<a href="t20240518_9.html">下一页</a> 1/3']
)
def test_no_part_where_the_count_or_the_article_is_not_told(pager: str) -> None:
    page = read_page(_page(f"{HEADER}<div id=zoom>{_ps(PARAGRAPHS)}<div>{pager}</div></div>"), PLAIN)
    assert isinstance(page, PageText)
    assert page.part is None
