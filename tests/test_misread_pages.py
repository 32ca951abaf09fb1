"""Pages of which a part was misread: what is clean there stays to the character, what else may have stood in the rest is told, with proof."""

from io import StringIO
from random import Random

import pytest
from opencc import OpenCC
from rich.console import Console

from cleaners.core import Clean, clean_text
from cleaners.edits import Edit, apply_edits
from cleaners.evidence import Evidence
from cleaners.repair import misread_places, mojibake
from govscrape.show import show_clean
from tests.sentences import made, narrow
from tests.test_misread_proof import END, MARK, MARKS, MISREAD, TEXTS

CLEAN = [
    "沭阳县公安局今日通报一起交通事故。", "涪陵榨菜集团与区政府签订合作协议。", "缂丝是苏州的传统手工艺，列入非物质文化遗产名录。",
    "亳州中药材交易中心一季度成交额创新高。", "闫喆、钰淼两位同志获评先进个人。", "歙县徽墨制作技艺传承人汪鑫焱收徒。",
    "婺源县篁岭村晒秋。", "岢岚县宋家沟村换新颜。", "佟湘钰、王珺、刘璟、张琰四人入选。", "评审专家：韩翀、杨劼、朱祎、秦瓅、尤燊。",
    "展出青铜鼎、簋、觥、卣、甗等礼器。", "鹮、鹳、鹬、鸻在滩涂越冬。", "豇豆、茼蒿、苋菜、荠菜农残合格。", "该矿含锆、铪、铌、钽等稀有金属。",
    "冼星海、冼夫人纪念馆同日开放。", "珅、珝、珞、珂、珈、珏、玹入列。", "仉督后人修谱。", "魑魅魍魉皆作鬼怪解。", "水淼、褚珩", "苏沄",
    "记者郑旻从沭阳获悉，大桥年内通车。", "来源：濮阳日报 作者：闫喆", "彳亍、踟蹰、徘徊三词近义。", "甪直古镇举办水乡服饰文化节。",
    "联系电话：0517-88235566", "办事指南第三页。", "12345", "附件：报名表", "室外温度-5°C，湿度40±5%。", "（通讯员 孔荇 摄影 李骞）",
]  # fmt: skip


@pytest.mark.parametrize("kind", MISREAD)
def test_clean_lines_of_a_misread_page_stay(kind: str) -> None:
    misread, clauses = MISREAD[kind]
    script = OpenCC("s2t").convert if kind.startswith("big5") else str
    bad = [misread(text) for text in made(clauses, MARKS, 3, len(CLEAN), END)]
    good = [*map(script, CLEAN)]
    page = "\n".join(line for pair in zip(good, bad, strict=True) for line in pair)
    got = apply_edits(page, mojibake(page, Evidence())).split("\n")
    assert got[::2] == good
    assert not set(got[1::2]) & set(bad), "and every misread line is read"


@pytest.mark.parametrize("kind", [kind for kind in MISREAD if "big5" not in kind])
def test_the_clean_half_before_misread_text_stays(kind: str) -> None:
    misread, clauses = MISREAD[kind]
    rnd, changed = Random(4), 0
    for line in CLEAN:
        page = line + misread("，".join(rnd.sample(clauses, 4)) + "。")
        changed += not apply_edits(page, mojibake(page, Evidence())).startswith(line)
    assert changed == 0


COMMON = [
    "12345",
    "附件：报名表",
    "办事指南第三页。",
    "联系电话：0517-88235566",
    "记者王强报道。",
    "会议由市长主持。",
    "各地要高度重视。",
]


@pytest.mark.parametrize("kind", [kind for kind in MISREAD if "big5 as" not in kind])
def test_misread_text_ends_well_where_clean_text_goes_on(kind: str) -> None:
    misread, clauses = MISREAD[kind]
    rnd, changed, silent = Random(4), 0, 0
    for line in COMMON * 5:
        text = "，".join(rnd.sample(clauses, 3)) + rnd.choice(["。", "", "，"])
        page = misread(text) + line
        edits = mojibake(page, Evidence())
        got = apply_edits(page, edits)
        changed += not got.endswith(line)
        silent += narrow(got) != narrow(text + line) and MARK not in got and not any(edit.likely for edit in edits)
    assert changed <= MOST_TAKEN.get(kind, 0)
    assert silent <= MOST_SILENT.get(kind, 0)


MOST_TAKEN = {"with bytes dropped": 18}
"""Of 35 texts of a kind, those of which a clean character is taken for the lost byte of the one before."""
MOST_SILENT = {"with bytes dropped": 1}
"""Of those texts the ones that come back wrong and are not counted."""


@pytest.mark.parametrize("kind", MISREAD)
def test_what_else_may_have_stood_there_is_misread_into_the_observed_text_too(kind: str) -> None:
    misread, clauses = MISREAD[kind]
    told = 0
    for text in made(clauses, MARKS, 11, TEXTS, END):
        observed = misread(text)
        edits = mojibake(observed, Evidence())
        got, places = apply_edits(observed, edits), misread_places(observed, edits)
        assert bool(places) >= any(edit.likely for edit in edits), "what is only likely has a rival"
        likeliest = [Edit(place.start, place.end, place.best) for place in places]
        if MARK in apply_edits(got, likeliest):
            continue
        for i, place in enumerate(places):
            assert 1 < len(place.candidates) <= 5
            assert max(len(text) for text, _ in place.candidates) <= 12, "what differs, not the line"
            for candidate, _ in place.candidates:
                new = Edit(place.start, place.end, candidate)
                assert misread(apply_edits(got, [*likeliest[:i], new, *likeliest[i + 1 :]])) == observed
                told += 1
    assert told or kind in NOTHING_TOLD


NOTHING_TOLD = {"big5 as gb18030", "twice"}
"""No byte is lost that leaves a choice; each text in doubt has a mark besides, which misreads into nothing that was observed."""


def shown(text: str) -> str:
    console = Console(width=400, file=StringIO(), force_terminal=False, record=True)
    cleaned = clean_text(text)
    assert isinstance(cleaned, Clean)
    show_clean(console, "a", cleaned)
    return console.export_text()


def test_explain_lists_what_may_have_stood_in_misread_text() -> None:
    explained = shown(MISREAD["utf-8 as gbk"][0]("项目申报材料一式三份，共计12家企业参加。"))
    assert "not certain: 1 damaged run" in explained
    assert "项目申报材料一式三份，共计12家企业参加。: 计 rather than 设 (+3." in explained
    explained = shown(MISREAD["utf-8 as gbk"][0]("市政府印发通知，要求做好工作。"))
    assert "not certain" not in explained


TITLES = [
    "责任编辑：李明", "来源：某市日报", "市政府办公室", "关于印发工作要点的通知", "第三季度经济运行情况", "办事指南", "联系电话及地址", "县委书记调研",
    "人事任免公示", "招标公告（第二批）", "政府信息公开年报", "记者王强 通讯员张华",
]  # fmt: skip
MOST_LEFT = {"gbk as big5": 1, "big5 as gb18030": 1, "big5 as gbk": 2, "twice": 1, "gbk as latin-1, half-width": 2}


@pytest.mark.parametrize("kind", MISREAD)
def test_a_short_text_alone_is_read_though_it_has_few_signs(kind: str) -> None:
    misread, _ = MISREAD[kind]
    script = OpenCC("s2t").convert if kind.startswith("big5") else str
    texts = [misread(script(title)) for title in TITLES]
    left = sum(apply_edits(text, mojibake(text, Evidence())) == text for text in texts)
    assert left <= MOST_LEFT.get(kind, 0)


SHORT = [
    "闫喆", "钰淼、褚珩、郄蕲、闫钰", "水淼鑫焱森垚", "魑魅魍魉", "饕餮、睚眦、狴犴、赑屃", "嘧啶核苷类抗菌素", "噻嗪酮·吡虫啉·嘧菌酯", "锕镤镎钚镅锔锫锎锿镄",
    "鸬鹚、鹧鸪、鹡鸰、鹪鹩", "盱眙郯城鄄城郓城", "滹沱河、濉溪、瀍河", "圐圙、圪塄、圪垯", "甴曱唔系嘢嚟嘅", "東京都庁こんにちは世界", "お知らせ お知らせ",
    "渋谷区役所・広報ちよだ", "カタログ　モデル番号", "대한민국 정부 보도자료", "大韓民國 대통령", "Правительство Москвы", "Ελληνική Δημοκρατία",
    "Größe, Fußgänger, Überprüfung", "São João, coração, nação", "Élève à côté du théâtre", "smørrebrød på Ålesund", "Việt Nam năm mới", "ŁódźKrakówGdańsk",
    "lǜ nǚ ǘǚǜ", "①②③④⑤⑥⑦⑧", "㈠㈡㈢㈣㈤", "ㄅㄆㄇㄈㄉㄊㄋㄌ", "±5℃×40%≤3m³/h", "½¼¾ §¶624¸m346÷", "■□▲△●○◆◇★☆", "┌─┬─┐│├┼┤│", "😀😁😂🤣", "GB/T—1997®Ⅱ型μ",
    "ΑΒΓΔΕΖΗΘ", "亻冫氵扌犭纟艹讠", "ｱｲｳｴｵｶｷｸｹｺ", "〇〒〓々〆ヶ", "屰雄僻聤殬窘缥廌饍鑓",
]  # fmt: skip


@pytest.mark.parametrize("text", SHORT)
def test_a_short_text_of_rare_characters_stays(text: str) -> None:
    assert apply_edits(text, mojibake(text, Evidence())) == text
    traditional = OpenCC("s2t").convert(text)
    assert apply_edits(traditional, mojibake(traditional, Evidence())) == traditional
