"""A made dump of any size: pages in the manner of county governments', the same for the same seed."""

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_PLACES = [a + b for a in "临安平清永新东西南北长宁" for b in ("山县", "江区", "河市", "川县", "水镇", "岭乡", "州市")]
_BODIES = ["人民政府办公室", "教育局", "应急管理局", "民政局", "住房和城乡建设局", "农业农村局", "水利局", "卫生健康局"]
_SUBJECTS = [
    "老旧小区改造",
    "森林防火",
    "春耕备耕",
    "防汛抗旱",
    "义务教育招生",
    "养老服务",
    "农村公路养护",
    "饮用水安全",
    "稳岗就业",
]
_VERBS = ["推进", "部署", "督导", "调研", "检查", "研究", "落实", "规范", "启动", "总结"]
_CLAUSES = [
    "明确责任分工，细化工作措施", "建立台账，逐项销号", "坚持问题导向，补齐短板弱项", "加强宣传引导，营造良好氛围",
    "严格资金管理，确保专款专用", "组织专业队伍开展拉网式排查", "畅通群众诉求渠道，及时回应关切", "压实属地责任、部门责任和主体责任",
    "对发现的隐患立即整改到位", "统筹发展和安全两件大事", "把好事办好、实事办实", "做到早发现、早报告、早处置",
]  # fmt: skip
_TRADITIONAL = str.maketrans(
    "县区镇乡东长宁兴办义务农业应设责细标补齐队伍开诉时统筹发两对问题导报",
    "縣區鎮鄉東長寧興辦義務農業應設責細標補齊隊伍開訴時統籌發兩對問題導報",
)
_MENU = "".join(f'<li><a href="/col/col{i}/index.html">栏目{i}</a></li>' for i in range(150))
_SCRIPT = "".join(
    f"function show{i}(id){{document.getElementById(id).style.display='none';return {i};}}\n" for i in range(60)
)


class Page(NamedTuple):
    """A made page: its address, its bytes, and the bare text."""

    url: str
    body: bytes
    text: str


def paragraphs(rng: random.Random, count: int) -> list[str]:
    """Some paragraphs of official prose; no two draws are alike."""
    made = []
    for _ in range(count):
        place, body = rng.choice(_PLACES), rng.choice(_BODIES)
        opening = f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日，{place}{body}{rng.choice(_VERBS)}{rng.choice(_SUBJECTS)}工作"
        rest = "；".join(f"{rng.choice(_PLACES)}{rng.choice(_CLAUSES)}" for _ in range(rng.randint(2, 6)))
        made.append(f"{opening}，涉及{rng.randint(2, 400)}个村（社区）、{rng.randint(100, 90000)}户。{rest}。")
    return made


def pages(count: int, seed: int = 1) -> Iterator[Page]:
    """Pages of several hosts and encodings. One in 20 repeats another's text, one in 40 is no article."""
    rng = random.Random(seed)
    last: list[str] = paragraphs(rng, 5)
    for number in range(count):
        kind = rng.random()
        lines = last if kind < 0.05 else paragraphs(rng, rng.randint(3, 14))
        last = lines
        title = f"{rng.choice(_PLACES)}{rng.choice(_VERBS)}{rng.choice(_SUBJECTS)}工作"
        url = f"http://www.county{number % 40}.gov.cn/art/2024/{number % 12 + 1}/art_{number}.html"
        yield Page(url, _html(rng, title, [] if kind > 0.975 else lines), "\n".join(lines))


def _html(rng: random.Random, title: str, lines: list[str]) -> bytes:
    """A page as a CMS writes it; one in eight as a mirror in traditional characters."""
    charset = rng.choice(["utf-8", "utf-8", "gbk"])
    body = "".join(f"<p style='text-indent:2em'>{line}</p>\n" for line in lines)
    if rng.random() < 0.125:
        body = body.translate(_TRADITIONAL)
    day = f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    page = (
        f"<html><head><meta charset={charset}><title>{title}</title><script>{_SCRIPT}</script><meta name='PubDate' content='{day}'>"
        f"<meta name='ArticleTitle' content='{title}'></head><body><ul class=menu>{_MENU}</ul>"
        f"<h1>{title}</h1><div class=info>来源：{rng.choice(_PLACES)}融媒体中心 发布时间：{day}</div>"
        f"<div id=zoom>{body}</div><div class=foot>版权所有 某县人民政府 备案号123</div></body></html>"
    )
    return page.encode(charset, "replace")


def write_dump(path: Path, count: int, seed: int = 1) -> Path:
    """Write a made dump as JSONL."""
    with path.open("w", encoding="utf-8") as file:
        for page in pages(count, seed):
            row = {"url": page.url, "body_base64": base64.b64encode(page.body).decode()}
            file.write(json.dumps(row) + "\n")
    return path
