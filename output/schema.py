"""The JSON Schema of a record, as it is shipped in docs/record.schema.json."""

import json

from output.record import Record


def record_schema() -> str:
    """The schema as indented JSON text with a final line feed.

    >>> json.loads(record_schema())["title"]
    'Record'
    """
    return json.dumps(Record.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
