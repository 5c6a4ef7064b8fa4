"""Cards of the templates' merchants, as a running service draws them."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.templates import NAMES
from tests.e2e.shop import Answer, ask

WALLETS = ("apple", "google")


@dataclass(frozen=True, slots=True)
class Designer:
    """Whoever looks at a merchant's cards."""

    base_url: str
    key: str

    def call(self, path: str, body: Any = None, method: str | None = None) -> Answer:
        """Call with the merchant's key."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return ask(f"{self.base_url}{path}", method=method, body=body, headers=headers)

    def card(self, wallet: str, *, of: str = "published", language: str = "ru") -> str:
        """Return a card's SVG."""
        query = f"wallet={wallet}&of={of}&language={language}"
        answer = self.call(f"/v1/pass-design/preview?{query}")
        assert answer.status == 200, answer.text
        return answer.text


def designer(base_url: str, template: str, name: str = "") -> Designer:
    """Open a merchant with a template."""
    wish = {"template": template, **({"name": name} if name else {})}
    opened = ask(f"{base_url}/local/merchants", body=wish)
    assert opened.status == 201, opened.text
    return Designer(base_url, opened.json["integration_key"])


def page_of(cards: list[str], *, columns: int, width: int = 375) -> str:
    """Return an HTML page with cards side by side."""
    shown = "".join(f"<div>{card}</div>" for card in cards)
    style = (
        "body{margin:0;padding:24px;background:#e3e7ee;display:grid;gap:24px;"
        f"grid-template-columns:repeat({columns},{width}px);align-items:start;width:max-content}}"
        f"svg{{display:block;width:{width}px;height:auto;border-radius:14px;"
        "box-shadow:0 6px 18px rgba(20,30,50,.22)}"
    )
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style>{shown}'


__all__ = ["NAMES", "WALLETS", "Designer", "designer", "page_of"]
