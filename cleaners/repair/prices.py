"""What characters cost that a repair writes: the language model, the page's script and width, the company of marks."""

from collections.abc import Sequence
from functools import lru_cache
from heapq import nsmallest

from cleaners.repair.gbk import MARK_CHARS, Choices
from cleaners.repair.model import PageModel, table
from cleaners.repair.script import is_simplified, is_traditional
from cleaners.repair.symbols import symbol
from cleaners.repair.vanished import Vanished

ALONE_COST = 6.0
"""Nats of a lone letter in Chinese, of a note that belongs to no character, and of a mark after a mark that none follows; anything from 3 to 9 leaves as many errors in text of full width."""
_SCRIPT_COST = 4.0
"""Nats of a character of the other script: at 2 nats 1,447 and 225 characters are wrong in the texts of `model._BELIEF`, at 4
1,434 and 225, at 8 1,432 and 235."""
_FULL_WIDTH = frozenset("，；：！？（）％")
"""What Chinese text writes in full width; letters and digits in full width are rare."""
_RARE = frozenset("〈〉")
"""Marks that the language model takes for more common ones."""
_LIKELY = 12
"""Symbols that are known to follow; where there are fewer, the most frequent ones are looked at as well. 8 to 12 are alike."""
ENDS = frozenset(MARK_CHARS)


@lru_cache(maxsize=1 << 14)
def _likeliest(last: str, choices: Choices) -> list[str]:
    """Of the symbols that the bytes allow, those that follow a symbol most often in the table."""
    costs = table().after_one(last)[0]
    return nsmallest(_LIKELY, choices.by_symbol.keys() & costs.keys(), key=lambda each: (costs[each], each))


class _Foreign(dict[str, float]):
    """What a character costs for its script or width, where the page has none like it."""

    def __init__(self, model: PageModel, *, traditional: bool) -> None:
        super().__init__()
        self._on_page, self._is_foreign = model.on_page, is_simplified if traditional else is_traditional

    def __missing__(self, char: str) -> float:
        foreign = self._is_foreign(char) or char in _RARE or ("！" <= char <= "～" and char not in _FULL_WIDTH)
        cost = self[char] = _SCRIPT_COST if foreign and not self._on_page(char) else 0.0
        return cost


class Prices(dict[str, float]):
    """What a character costs, in nats, that a repair writes on a page after two others (the three are the key).

    `page` is the intact text that rows across vanished pairs are looked for in. `walked` counts the steps taken.
    """

    def __init__(self, page: str, model: PageModel, *, traditional: bool, walked: int = 0) -> None:
        super().__init__()
        self.walked = walked
        self.model, self.foreign = model, _Foreign(model, traditional=traditional)
        self.vanished = Vanished(page, model, self.foreign, traditional=traditional)
        self._likely: dict[tuple[str, Choices], list[str]] = {}

    def __missing__(self, three: str) -> float:
        last, char = three[1], three[2]
        cost = self.model.costs[three] + self.foreign[char]
        if char in ENDS and last in ENDS:
            cost += ALONE_COST
        self[three] = cost
        return cost

    def likely(self, last: str, choices: Choices) -> list[str]:
        """Of the characters that the bytes allow, those that are known to follow a character, and the most frequent."""
        key = last, choices
        if key not in self._likely:
            known = {*_likeliest(symbol(last), choices), *self.model.on_page_after(last, choices.by_symbol.keys())}
            forms = [*map(choices.by_symbol.__getitem__, sorted(known))]
            if len(known) < _LIKELY:
                forms.append(choices.frequent)
            self._likely[key] = list(dict.fromkeys(char for chars in forms for char in self._native(chars)))
        return self._likely[key]

    def _native(self, chars: tuple[str, ...]) -> Sequence[str]:
        """Those of the page's script, where there are any."""
        return [char for char in chars if not self.foreign[char]] or chars
