"""Near-duplicates: recall, precision and speed on made documents, some of them planted copies.

    python -m benchmarks.near [DOCUMENTS]

A fifth are copies of others, edited as mirrors do; as many are fillings of one form, alike in all but a few words, and
no copies. The truth is what was planted.
"""

import random
import sys
import time
from typing import NamedTuple

from pipelines.near import Near, Sketch, near_pairs, sketch_by_numpy, sketch_by_rensa

_CHARS = "政府工作会议研究部署重点任务落实责任加强管理推进改革发展民生保障安全生产环境治理乡村振兴教育医疗卫生社会服务经济建设项目投资企业创新科技人才就业收入农业水利交通城市规划土地房屋财政税务审计监督法治公开透明群众满意检查整改报告通知公告意见办法规定"


class Document(NamedTuple):
    """A text, and the number of the document it is a copy of (its own where it is none)."""

    text: str
    source: int


def documents(count: int, seed: int = 1) -> list[Document]:
    """Made documents in a made order."""
    rng = random.Random(seed)
    words = sorted({"".join(rng.sample(_CHARS, 2)) for _ in range(2000)})
    made = [_text(rng, words, rng.randint(4, 14)) for _ in range(count * 3 // 5)]
    texts = [Document(text, number) for number, text in enumerate(made)]
    for _ in range(count // 5):
        source = rng.randrange(len(made))
        texts.append(Document(_mirrored(rng, words, made[source]), source))
    form = _text(rng, words, 6)
    texts += [Document(_filled(rng, words, form), -1 - number) for number in range(count - len(texts))]
    rng.shuffle(texts)
    return texts


def _text(rng: random.Random, words: list[str], sentences: int) -> str:
    return "\n".join("".join(rng.choices(words, k=rng.randint(10, 40))) + "。" for _ in range(sentences))


def _mirrored(rng: random.Random, words: list[str], text: str) -> str:
    """A copy with a line before and after it, other punctuation, and one character in 200 changed."""
    chars = [rng.choice(_CHARS) if rng.random() < 0.005 else char for char in text]
    body = "".join(chars).replace("。", rng.choice(["。", "．", "；"]))
    return f"{''.join(rng.choices(words, k=3))}\n{body}\n{''.join(rng.choices(words, k=2))}"


def _filled(rng: random.Random, words: list[str], form: str) -> str:
    """The form with one sentence in two its own."""
    lines = form.split("\n")
    return "\n".join(line if i % 2 else _text(rng, words, 1) for i, line in enumerate(lines))


def score(found: list[Near], texts: list[Document]) -> tuple[float, float]:
    """Recall of the planted copies (each joined with its source or another copy), precision of the pairs."""
    right = [pair for pair in found if texts[pair.first].source == texts[pair.second].source]
    planted = len(texts) - len({document.source for document in texts})
    return len(right) / planted, len(right) / max(len(found), 1)


def main() -> None:
    texts = documents(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
    sketches: dict[str, Sketch] = {"rensa": sketch_by_rensa, "numpy": sketch_by_numpy}
    print(f"{len(texts)} documents, {sum(len(t.text) for t in texts) // len(texts)} characters on average")
    for name, sketch in sketches.items():
        start = time.perf_counter()
        found = near_pairs((document.text for document in texts), sketch)
        seconds = time.perf_counter() - start
        recall, precision = score(found, texts)
        print(f"  {name}: recall {recall:.4f}, precision {precision:.4f}, {len(texts) / seconds:.0f} documents/s")


if __name__ == "__main__":
    main()
