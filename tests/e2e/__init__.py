"""Tests in a real browser, and what draws its pictures: all wait alike for what is seen."""

from playwright.sync_api import expect

SEEN_MS_MAX = 30_000  # as Playwright's own for clicks: a busy machine is slow, not wrong

expect.set_options(timeout=SEEN_MS_MAX)
