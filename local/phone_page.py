"""`/local/phone`: the messages and pushes that would have reached a shopper's phone.

The page asks for itself again every two seconds, without a script. Everything shown is
escaped: a text may hold whatever a merchant wrote.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

REFRESH_SECONDS = 2

STYLE = """
:root { color-scheme: light dark; --bg: #f5f6f8; --surface: #fff; --ink: #14181f;
  --muted: #5a6371; --line: #e2e5ea; --accent: #0b6e63; --accent-soft: #e3f3f0; }
@media (prefers-color-scheme: dark) { :root { --bg: #0f1216; --surface: #181c22;
  --ink: #eef1f5; --muted: #a3adba; --line: #2c333d; --accent: #5fdccb;
  --accent-soft: #10322e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink);
  font: 400 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 440px; margin: 0 auto; padding: 24px 14px 40px; }
h1 { font-size: 22px; letter-spacing: -.015em; margin: 0; }
p { margin: 4px 0 18px; color: var(--muted); }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 10px; }
li { background: var(--surface); border: 1px solid var(--line); border-radius: 14px;
  padding: 12px 14px; overflow-wrap: anywhere; }
header { display: flex; gap: 10px; align-items: center; font-size: 13px;
  color: var(--muted); margin-bottom: 4px; }
header b { background: var(--accent-soft); color: var(--accent); border-radius: 99px;
  padding: 2px 10px; font-weight: 600; }
header time { margin-left: auto; font-variant-numeric: tabular-nums; }
"""

_KINDS = {"sms": "SMS", "apns": "Wallet push", "google": "Google", "email": "E-mail"}


def phone_page(items: Sequence[Mapping[str, str]], now: datetime) -> str:
    """Return the page; `items` newest first, as `/local/outbox` has them."""
    messages = "\n".join(map(_message, items)) or "<li>Nothing has been sent yet.</li>"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{REFRESH_SECONDS}">
<title>The phone of this machine · Kopilka</title>
<link rel="stylesheet" href="/local/phone.css">
</head>
<body>
<main>
<h1>The phone of this machine</h1>
<p>What shoppers would have received, newest first.
The service's clock: {now:%Y-%m-%d %H:%M:%S} UTC.</p>
<ol>
{messages}
</ol>
</main>
</body>
</html>
"""


def _message(item: Mapping[str, str]) -> str:
    kind = escape(_KINDS.get(item["kind"], item["kind"]))
    at = escape(item["at"])
    return (
        f"<li><header><b>{kind}</b> <span>{escape(item['to'])}</span>"
        f' <time datetime="{at}">{escape(item["at"][11:19])}</time></header>'
        f"{escape(item['text'])}</li>"
    )
