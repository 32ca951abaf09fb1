"""Specs of simulated sites."""

import json


def spec_of(
    root: str,
    *,
    delay: float = 0,
    concurrency: int = 8,
    private: bool = True,
    column: str = "zwyw/index.html",
    js: bool = False,
    **more: str | int,
) -> str:
    """The spec, in TOML, of a site on this machine with one list; `more` are further keys of the site."""
    keys = {"name": "模拟", "hosts": ["127.0.0.1"], "private_addresses": private, **more}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
    lines.append(f"politeness = {{delay = {delay}, concurrency = {concurrency}}}")
    lines.append(f'columns = [{{name = "要闻", url = "{root}{column}", js = {json.dumps(js)}}}]')
    return "\n".join(lines)
