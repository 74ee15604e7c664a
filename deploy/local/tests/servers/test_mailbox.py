"""What a service sends is what `./pass mail` shows."""

import smtplib
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest

from local_platform.platform.platform import Platform
from local_platform.servers import mail_reader
from local_platform.servers.parts import ProcessPart
from local_platform.servers.ports import LOOPBACK, Ports


@pytest.fixture
def mailbox(tmp_path: Path) -> ProcessPart:
    part = Platform(tmp_path, Ports.free()).part("mailbox")
    assert isinstance(part, ProcessPart)
    return part


def send(port: int, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "pass@pass.example", "zoé@exemple.fr", subject
    message.set_content("Bonjour Zoé,\n\nConfirmez ici : http://127.0.0.1:4000/confirmer?jeton=abc\n")
    message.add_alternative("<p>Bonjour Zoé</p>", subtype="html")
    with smtplib.SMTP(LOOPBACK, port) as client:
        client.send_message(message, "pass@pass.example", ["zoe@exemple.fr"])


def test_a_mail_is_kept_and_read(mailbox: ProcessPart, tmp_path: Path) -> None:
    assert mail_reader.read_all(tmp_path / "mail") == []
    assert mailbox.start(lambda words: None)
    try:
        arrived = mail_reader.arriving(tmp_path / "mail")
        threading.Timer(0.5, send, (mailbox.port, "Première à vérifier")).start()
        first = next(arrived)
        send(mailbox.port, "Deuxième")
        assert not mailbox.start(lambda words: None), "it runs already"
    finally:
        mailbox.stop()
    assert first.subject == "Première à vérifier"
    assert first.recipient == "zoe@exemple.fr"
    assert first.links == ["http://127.0.0.1:4000/confirmer?jeton=abc"]
    assert "html" not in first.text
    assert [mail.subject for mail in mail_reader.read_all(tmp_path / "mail")] == [
        "Deuxième",
        "Première à vérifier",
    ]
    assert first.as_dict()["arrived_at"] == first.arrived_at.isoformat()
