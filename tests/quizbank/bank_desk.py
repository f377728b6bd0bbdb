"""People of the bank's console and what their browsers ask."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.models import User
from quizbank.models import Question
from tests.factories import make_role, make_user


def person(role: Role, name: str = "Lê Thị Soạn") -> User:
    user = make_user(name)
    make_role(user, role)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, question: Question | None = None, **asked: Any) -> str:
    url = reverse("quizbank:bank_question", args=[question.public_id]) if question else reverse("quizbank:bank")
    return client.get(url, asked).content.decode()


def decide(client: Client, question: Question, act: str, **said: Any) -> int:
    said.setdefault("version", question.current_id)
    return client.post(reverse("quizbank:bank_decide", args=[question.public_id]), said | {"act": act}).status_code
