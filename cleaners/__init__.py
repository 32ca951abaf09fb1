"""Pure cleaning: bytes to text, text to clean text, clean text to a verdict. No I/O, no logging, no crawl framework."""

from cleaners.bylines import bylines
from cleaners.edits import Cleaner
from cleaners.forms import character_forms
from cleaners.furniture import furniture
from cleaners.headline import headline
from cleaners.indents import lost_indents
from cleaners.junk_tags import junk_tags
from cleaners.repair import byte_damage, entities, injected_marks, mojibake, pinyin
from cleaners.script import simplify_script
from cleaners.spacing import spacing
from cleaners.spam import spam_lines
from cleaners.width import width

CHARACTERS: tuple[Cleaner, ...] = (
    entities,
    junk_tags,
    mojibake,
    character_forms,
    lost_indents,
    byte_damage,
    pinyin,
    injected_marks,
    simplify_script,
    spam_lines,
    width,
    spacing,
)
"""What can damage any string, a title as well as a text. The order undoes the damage from the outside in:
what was written out as HTML first, then what was decoded wrongly, then what was done to the bytes before that, on the
forms of characters that it was done to (traditional, annotated); script and width last, as they were added first."""

LINES: tuple[Cleaner, ...] = (furniture, headline, bylines)
"""What surrounds a text. Read on clean lines only: labels and names are compared as simplified text."""

CHAIN = CHARACTERS + LINES
"""Every cleaner once; the order is the architecture."""
