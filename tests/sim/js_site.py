"""A site whose lists are only there once a browser has run their script; and a page that reaches for all it can."""

import json

from tests.sim.many_pages import article, site_pages
from tests.sim.server import Page

ARTICLES = [article(number) for number in range(24)]
A_PAGE = 10
LIST = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>要闻</title>
<link rel="stylesheet" href="style.css"><script src="list.js"></script></head>
<body><div id="clock"></div><div id="app">正在加载……</div><img src="logo.png"></body></html>
"""
SCRIPT = """
setInterval(() => { document.getElementById("clock").textContent = Date.now() }, 50);
const page = Number(new URLSearchParams(location.search).get("page") || 1);
window.onload = async () => {
  const answer = await fetch("rows.json?page=" + page, {method: "POST", body: JSON.stringify({page})});
  const {rows, pages} = await answer.json();
  await new Promise(wait => setTimeout(wait, 200));
  const items = rows.map(row => `<li><a href="${row.path}">${row.title}</a><span>${row.day}</span></li>`);
  const next = page < pages ? `<a href="list.html?page=${page + 1}">下一页</a>` : "";
  document.getElementById("app").innerHTML = `<ul>${items.join("")}</ul>` + next;
};
"""
GREEDY = """<!DOCTYPE html><html><head><meta charset="utf-8">
<link rel="preconnect" href="http://{address}"><link rel="dns-prefetch" href="http://localhost:{port}">
<link rel="stylesheet" href="http://{address}/style.css"></head>
<body><ul><li><a href="{path}">{title}</a></li></ul>
<img src="http://{address}/picture"><iframe src="http://localhost:{port}/frame"></iframe>
<script>
setInterval(() => document.body.append("再来"), 50);
const say = what => what.catch(error => error);
say(fetch("http://localhost:{port}/fetch"));
say(fetch("http://169.254.169.254/latest/meta-data/"));
say(fetch("file:///etc/passwd"));
new WebSocket("ws://{address}/socket");
new EventSource("http://localhost:{port}/events");
navigator.sendBeacon("http://localhost:{port}/beacon", "x");
window.open("http://{address}/popup");
new Worker(URL.createObjectURL(new Blob([`fetch("http://localhost:{port}/worker")`])));
const peer = new RTCPeerConnection({{iceServers: [{{urls: "turn:{address}?transport=tcp", username: "a", credential: "b"}}]}});
peer.createDataChannel("x");
peer.createOffer().then(offer => peer.setLocalDescription(offer));
</script></body></html>
"""


def js_pages() -> dict[str, Page]:
    """The pages of the site; the rows of all lists come as JSON, by the number in the query."""
    pages = {path: page for path, page in site_pages(ARTICLES).items() if "index" not in path}
    pages["zwyw/list.html"] = Page(LIST.encode(), "text/html; charset=utf-8")
    pages["zwyw/list.js"] = Page(SCRIPT.encode(), "text/javascript")
    return pages


def rows(number: int) -> Page:
    """The rows of one list page."""
    shown = ARTICLES[(number - 1) * A_PAGE : number * A_PAGE]
    entries = [{"path": "/" + each.path, "title": each.title, "day": each.day} for each in shown]
    answer = {"rows": entries, "pages": -(-len(ARTICLES) // A_PAGE)}
    return Page(json.dumps(answer).encode(), "application/json")


def greedy_page(address: str) -> Page:
    """A list whose script reaches for an address beside the site's in every way that a browser has."""
    first = ARTICLES[0]
    html = GREEDY.format(address=address, port=address.partition(":")[2], path="/" + first.path, title=first.title)
    return Page(html.encode(), "text/html; charset=utf-8")
