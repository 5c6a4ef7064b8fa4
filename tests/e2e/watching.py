"""What no page may do: fail in its script, break its policy, ask another origin for anything.

A whole browser context is watched: its pages, what they open, and their workers' answers.
"""

from typing import Final

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# Chromium's words for what a policy stopped.
REFUSALS: Final = ("Content Security Policy", "Refused to")
OF_NOBODY: Final = ("data:", "blob:", "about:")


def watch(context: BrowserContext, base_url: str) -> list[str]:
    """Return the list that every fault of the context will be added to."""
    faults: list[str] = []

    def fail(error: WebError) -> None:
        faults.append(f"script: {error.error}")

    def hear(line: ConsoleMessage) -> None:
        if any(words in line.text for words in REFUSALS):
            faults.append(f"console: {line.text}")

    def see(request: Request) -> None:
        if not request.url.startswith((f"{base_url}/", *OF_NOBODY)):
            faults.append(f"asked: {request.url}")

    context.on("weberror", fail)
    context.on("console", hear)
    context.on("request", see)
    return faults
