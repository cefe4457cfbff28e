"""Mails for the tests, built from parts."""

from __future__ import annotations

from email.message import EmailMessage

PARAGRAPHS = (
    "The ferry between Velm and Oster will stop in the first week of May, the harbour office "
    "said on Tuesday, because its old engine can no longer be repaired.",
    "A smaller boat is to take over until the autumn. It carries forty people and no cars, and "
    "farmers on the island fear for their milk.",
)
BODY = "\n\n".join(PARAGRAPHS) + "\n"


def mail(body: str = BODY, subject: str = "The ferry stops in May", **fields: str) -> EmailMessage:
    """A plain mail; `fields` add header fields or replace them ("_" for "-")."""
    message = EmailMessage()
    usual = {
        "From": "Ana Ruiz <ana@velm.example>",
        "To": "desk@oster.example",
        "Subject": subject,
        "Date": "Tue, 05 Mar 2024 08:00:00 +0100",
        "Message-ID": "<1@velm.example>",
    }
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    for name, value in (usual | given).items():
        message[name] = value
    message.set_content(body)
    return message


def raw(head: str, body: str | bytes = BODY) -> bytes:
    """A message as it stands: header lines, a blank line, the body."""
    text = body if isinstance(body, bytes) else body.encode()
    return head.strip("\n").encode() + b"\n\n" + text
