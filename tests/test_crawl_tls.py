"""Certificates: verified, unless a site's spec excepts its own hosts."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from govscrape.site_specs import parse_site
from tests.sim.crawling import read_lines, run_apart
from tests.sim.many_pages import article, site_pages
from tests.sim.server import SimSite

ARTICLES = [article(number) for number in range(3)]
SPEC = """
name = "模拟"
hosts = ["{host}"]
private_addresses = true
verify_tls = {verify}
politeness = {{delay = 0}}
columns = [{{name = "要闻", url = "https://{host}:{port}/zwyw/index.html"}}]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server whose certificate nobody but itself has signed."""
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    path.write_bytes(own_certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    site = SimSite(site_pages(ARTICLES))
    site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
    with site:
        yield site.port


def own_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "云川市")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def test_an_exception_holds_for_the_hosts_of_its_own_spec_alone(port: int, tmp_path: Path) -> None:
    specs = [
        parse_site(SPEC.format(host=host, port=port, verify=str(verify).lower()), Path(name))
        for host, verify, name in (("127.0.0.1", False, "excepted.toml"), ("localhost", True, "verified.toml"))
    ]
    summary = run_apart(specs, tmp_path)
    assert {site: judged.verdict.value for site, judged in summary.sites.items()} == {
        "excepted": "ok",
        "verified": "empty",
    }
    assert {record["url"] for record in read_lines(tmp_path / "part-00000.jsonl")} == {
        f"https://127.0.0.1:{port}/{each.path}" for each in ARTICLES
    }
    (reject,) = read_lines(tmp_path / "rejects.jsonl")
    assert reject["detail"] == (
        "list page 1 of 要闻 (verified): the certificate of localhost cannot be verified; "
        "verify_tls = false in a spec excepts its hosts"
    )
