"""Prize draws: announced, closed, drawn. One function per event of a file.

Who wins is left to the seed; a file can say how many win, and who does if there are as many
prizes as members with entries.
"""

import csv
from typing import Any

from scenarios.format import Event
from scenarios.journey import Journey, named, operation


def draw(journey: Journey, event: Event) -> dict[str, Any]:
    """Announce a draw."""
    names = ("opens", "closes", "prizes", "entries")
    body = {name: event.fields[name] for name in names} | {"title": str(event.fields["id"])}
    answer = journey.office("POST", "/v1/draws", body, key=operation(event))
    journey.draws[str(event.fields["id"])] = str(answer["id"])
    return {}


def close_draw(journey: Journey, event: Event) -> dict[str, Any]:
    """List the entries of a draw, once every receipt of its days has been noted."""
    journey.run_jobs()
    answer = journey.office("POST", f"{_path(journey, event)}/close")
    listed = answer["entry_list"]
    return {"entries": listed["count"], "members": listed["members"]}


def draw_winners(journey: Journey, event: Event) -> dict[str, Any]:
    """Pick the winners; the same ones however often it is asked."""
    path = _path(journey, event)
    text = {"public_text": str(event.fields.get("public_text", ""))}
    answer = journey.office("POST", f"{path}/draw", text)
    again = journey.office("POST", f"{path}/draw", text)
    listed = csv.DictReader(str(journey.office("GET", f"{path}/winners.csv")).splitlines())
    customers = {member_id: name for name, member_id in journey.members.items()}
    won = sorted(customers[row["member_id"]] for row in listed)
    is_same = answer["winners"] == again["winners"]
    return {"winners": len(won), "won": won, "again_the_same": is_same}


def _path(journey: Journey, event: Event) -> str:
    return f"/v1/draws/{named(journey.draws, event.fields['id'], 'draw')}"
