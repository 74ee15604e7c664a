"""What a service sends is what `./pass mail` shows."""

import smtplib
import threading
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from local_platform.platform.platform import Platform
from local_platform.servers import mail_reader
from local_platform.servers.parts import ProcessPart
from local_platform.servers.ports import LOOPBACK, Ports
from local_platform.user_error import UserError


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


def test_a_mailpit_elsewhere_is_read_as_the_local_folder_is() -> None:
    """Answers in the shape of Mailpit 1.27's API."""
    mails = {
        "one": {
            "Date": "2026-11-26T14:20:00.705Z",
            "From": {"Name": "", "Address": "pass@pass.example"},
            "To": [{"Name": "Zoé", "Address": "zoe@exemple.fr"}],
            "Subject": "Bienvenue",
            "Text": "Confirmez ici : http://127.0.0.1:4000/confirmation?token=abc\r\n",
        }
    }

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/search":
            found = [{"ID": "one"}] if request.url.params["query"] == 'to:"zoe@exemple.fr"' else []
            return httpx.Response(200, json={"messages": found})
        return httpx.Response(200, json=mails[request.url.path.rpartition("/")[2]])

    mailpit = mail_reader.Mailpit("http://mailpit", httpx.MockTransport(answer))
    (mail,) = mailpit.mails_to("zoe@exemple.fr")
    assert (mail.recipient, mail.subject, mail.sender) == ("zoe@exemple.fr", "Bienvenue", "pass@pass.example")
    assert mail.links == ["http://127.0.0.1:4000/confirmation?token=abc"]
    assert mailpit.mails_to("autre@exemple.fr") == []


@pytest.mark.parametrize(
    "answer", [httpx.Response(404), httpx.Response(200, text="<html>"), httpx.Response(200, json={})]
)
def test_what_is_no_mailpit_is_said_to_be_none(answer: httpx.Response) -> None:
    mailpit = mail_reader.Mailpit("http://elsewhere", httpx.MockTransport(lambda _: answer))
    with pytest.raises(UserError, match="No Mailpit answers at http://elsewhere"):
        mailpit.mails_to("zoe@exemple.fr")
