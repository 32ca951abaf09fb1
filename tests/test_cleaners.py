"""Every cleaner against its cases, and what all of them promise: exact, idempotent, replayable, harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import CHAIN
from cleaners.chain import MAX_ROUNDS, run_to_rest
from cleaners.core import Clean, clean_page, clean_text
from cleaners.edits import Cleaner, apply_edits, replay
from cleaners.evidence import Evidence
from tests.casefile import CASES, Case, read_cases

BY_NAME = {cleaner.__name__: cleaner for cleaner in CHAIN}
ALL_CASES = [case for name in BY_NAME for case in read_cases(name)]
NOTHING_KNOWN = Evidence()

han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)
MARKS = [
    "，",
    "。",
    ",",
    "?",
    "!",
    "?!",
    "(",
    ")",
    "（",
    "）",
    "&amp;lt;",
    "??",
    "省",
    "號",
    "？！",
    "<p>",
    "�",
    "é",
    "1",
    "a",
    "(hào)",
    "着",
    "著",
    "國務院",
    "日?qǐng)?bào)",
    "_",
    "æ”¿åºœ",
    "ÕþÎñ",
]
PHRASES = [
    "来源：",
    "2023-07-12 16:41",
    "责任编辑：",
    '<tbody id="abcde">',
    "代开发票",
    "国产精品久久",
    "\n",
    " ",
    "\u3000",
]
damage = st.sampled_from(MARKS + PHRASES)
texts = st.one_of(st.text(max_size=80), st.lists(st.one_of(han, damage), max_size=40).map("".join))


def cleaned_by(cleaner: Cleaner, text: str) -> str:
    return apply_edits(text, cleaner(text, NOTHING_KNOWN))


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    got = cleaned_by(BY_NAME[case.cleaner], case.original)
    assert got == case.cleaned
    assert case.applied == ([case.cleaner] if case.original != case.cleaned else [])
    assert cleaned_by(BY_NAME[case.cleaner], got) == got, "a second time changes nothing more"


@pytest.mark.parametrize("name", BY_NAME)
def test_every_cleaner_has_cases_for_and_against(name: str) -> None:
    applied = [bool(case.applied) for case in read_cases(name)]
    assert applied.count(True) >= 2
    assert applied.count(False) >= 2


def test_every_cleaner_stands_in_the_chain_once() -> None:
    assert len(BY_NAME) == len(CHAIN)
    assert {path.stem for path in CASES.glob("*.json")} <= set(BY_NAME), "a case file for no cleaner"


@pytest.mark.parametrize("cleaner", CHAIN, ids=BY_NAME)
def test_every_cleaner_says_what_it_leaves_alone(cleaner: Cleaner) -> None:
    doc = cleaner.__doc__ or ""
    assert "Left alone" in doc
    assert ">>>" in doc


@given(texts)
def test_edits_are_in_order_and_within_the_text(text: str) -> None:
    for cleaner in CHAIN:
        done = 0
        for edit in cleaner(text, NOTHING_KNOWN):
            assert done <= edit.start <= edit.end <= len(text), cleaner.__name__
            assert text[edit.start : edit.end] != edit.new, f"{cleaner.__name__} edits without a change"
            done = edit.end


@given(texts)
def test_every_cleaner_is_idempotent(text: str) -> None:
    for cleaner in CHAIN:
        once = cleaned_by(cleaner, text)
        assert cleaned_by(cleaner, once) == once, cleaner.__name__


@given(texts)
def test_the_chain_is_idempotent_and_replays(text: str) -> None:
    cleaned, steps = run_to_rest(text, NOTHING_KNOWN, CHAIN)
    assert replay(text, steps) == cleaned
    assert run_to_rest(cleaned, NOTHING_KNOWN, CHAIN) == (cleaned, []), f"not at rest after {MAX_ROUNDS} rounds"


simplified_words = st.sampled_from(
    [
        "政府",
        "会议",
        "通知",
        "落实",
        "群众",
        "服务",
        "发展",
        "建设",
        "管理",
        "经济",
        "教育",
        "安全",
        "生产",
        "农业",
        "工程",
        "资金",
        "项目",
        "监督",
        "检查",
        "部门",
        "单位",
        "企业",
        "市场",
        "改革",
        "创新",
        "著作",
        "显著",
        "乾坤",
        "公里",
        "皇后",
    ]
)
clauses = st.lists(simplified_words, min_size=2, max_size=6).map("".join)
clean_lines = st.one_of(
    st.builds("第{}条 {}，{}。".format, st.integers(1, 99), clauses, clauses),
    st.builds("{}（{}），{}；{}。".format, clauses, clauses, clauses, clauses),
    st.builds("{} | {} | {}%".format, clauses, st.integers(0, 10_000), st.floats(0, 99).map("{:.2f}".format)),
    st.builds("“{}”和《{}》自2024年{}月{}日起施行。".format, clauses, clauses, st.integers(1, 12), st.integers(1, 28)),
    st.builds("问：{}？答：{}！".format, clauses, clauses),
    st.builds(
        "联系人：王某某，电话：0571-{}，邮箱：a{}@example.cn。".format,
        st.integers(10**7, 10**8 - 1),
        st.integers(0, 99),
    ),
    st.builds(
        "增长{}个百分点，共{:,}万元，{}:{}开始。".format,
        st.floats(0, 9).map("{:.1f}".format),
        st.integers(1, 10**9),
        st.integers(10, 23),
        st.integers(10, 59),
    ),
)


@given(st.lists(clean_lines, min_size=3, max_size=12))
def test_clean_text_comes_out_as_it_went_in(lines: list[str]) -> None:
    text = "\n".join(lines)
    done = clean_text(text)
    assert isinstance(done, Clean)
    assert done.text == text
    assert done.steps == ()
    assert done.unresolved == 0


@given(
    st.binary(max_size=400), st.sampled_from([None, "text/html; charset=gbk", "text/plain", "text/html; charset=x-y"])
)
def test_no_bytes_break_a_page(body: bytes, content_type: str | None) -> None:
    done = clean_page(body, "http://www.example.gov.cn/a.html", content_type)
    assert done.text.strip() if isinstance(done, Clean) else done.detail
