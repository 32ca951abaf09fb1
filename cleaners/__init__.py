"""Pure cleaning: bytes to text, text to clean text, clean text to a verdict. No I/O, no logging, no crawl framework."""

from cleaners.edits import Cleaner
from cleaners.forms import character_forms
from cleaners.junk_tags import junk_tags
from cleaners.repair import entities, injected_marks, mojibake, pinyin
from cleaners.script import simplify_script
from cleaners.spacing import spacing
from cleaners.spam import spam_lines
from cleaners.width import width

CHAIN: tuple[Cleaner, ...] = (
    entities,
    junk_tags,
    mojibake,
    character_forms,
    pinyin,
    injected_marks,
    simplify_script,
    spam_lines,
    width,
    spacing,
)
