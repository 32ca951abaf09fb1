"""Pure cleaning: bytes to text, text to clean text, clean text to a verdict. No I/O, no logging, no crawl framework."""
