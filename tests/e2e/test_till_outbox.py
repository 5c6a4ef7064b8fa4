"""The till's outbox against a real service: answers lost, pages reloaded, two tabs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.e2e.bare_till import open_bare, run
from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop

TILL = "merchant/till"
LATE_MS = 40_000
BATCHES = "**/v1/purchase-batches"
POST = """
  const post = async (body, path = "/v1/purchase-batches", key = "") => {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${v[0]}` };
    if (key) headers["Idempotency-Key"] = key;
    const sent = { method: "POST", headers, body: JSON.stringify(body) };
    const answer = await fetch(path, sent);
    const found = await answer.json();
    if (!answer.ok) {
      throw Object.assign(new Error(), {
        status: answer.status, body: found, isUnsure: answer.status >= 500,
      });
    }
    return { body: found };
  };
  const kept = async () => {
    const all = await m.kept("merchant/till");
    return all.map(({ key, state, problem }) => [key, state, problem?.code]);
  };
"""
ADD = "for (const [key, sale] of v[1]) await m.add('merchant/till', sale, { key });"
FLUSH = """
  const settled = [];
  let error = null, found = null;
  try {
    found = await m.flush("merchant/till", post, (one) => settled.push([one.key, one.purchase
      ? "recorded" : one.problem.code]));
  } catch (thrown) {
    error = thrown.status ?? 0;
  }
  return { settled, error, found, kept: await kept() };
"""


@pytest.fixture
def page(open_page: OpenPage, base_url: str) -> Page:
    return open_bare(open_page(), base_url)


def sale(member_id: str | None, receipt_id: str, amount_minor: int = 10_000) -> dict[str, Any]:
    lines = [{"quantity": "1", "unit_price_minor": amount_minor}]
    who = {"member_id": member_id} if member_id else {}
    return {**who, "receipt_id": receipt_id, "channel": "offline", "lines": lines}


def in_outbox(page: Page, shop: Shop, script: str, *more: Any) -> Any:
    return run(page, "outbox.js", POST + script, shop.till_key, *more)


def within(page: Page, promise: str) -> Any:
    """Return what a promise of the page comes to, before a deadline."""
    late = f"new Promise((_, no) => setTimeout(() => no(new Error('late')), {LATE_MS}))"
    return page.evaluate(f"Promise.race([{promise}, {late}])")


def receipts_of(shop: Shop, member_id: str) -> list[str]:
    headers = {"Authorization": f"Bearer {shop.till_key}"}
    found = shop.get(f"/v1/purchases?member_id={member_id}", **headers).json["items"]
    return sorted(one["receipt_id"] for one in found)


def losing_answers(page: Page) -> Callable[[], None]:
    """Let calls reach the service and lose what it answers, until told otherwise."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(BATCHES, lose)
    return lambda: page.unroute(BATCHES)


def test_what_was_sold_without_a_network_is_recorded_in_order(
    page: Page, shop: Shop, member: str
) -> None:
    in_outbox(page, shop, "")  # the module is here before the network goes
    page.context.set_offline(True)
    in_outbox(page, shop, ADD, [["k1", sale(member, "r1")], ["k2", sale(member, "r2")]])
    offline = in_outbox(page, shop, FLUSH)
    page.context.set_offline(False)

    found = in_outbox(page, shop, FLUSH)

    assert (offline["error"], len(offline["kept"])) == (0, 2)
    assert found["settled"] == [["k1", "recorded"], ["k2", "recorded"]]
    assert found["kept"] == []
    assert receipts_of(shop, member) == ["r1", "r2"]


def test_a_lost_answer_and_a_reload_make_one_entry(
    page: Page, shop: Shop, member: str, base_url: str
) -> None:
    find_answers = losing_answers(page)
    in_outbox(page, shop, ADD, [["k1", sale(member, "r1")]])
    lost = in_outbox(page, shop, FLUSH)
    assert receipts_of(shop, member) == ["r1"]  # the service wrote it, the till does not know

    find_answers()
    page.reload()
    found = in_outbox(page, shop, FLUSH)

    assert lost["kept"] == [["k1", "asking", None]]
    assert found["settled"] == [["k1", "recorded"]]
    assert found["kept"] == []
    assert receipts_of(shop, member) == ["r1"]


def test_a_sale_whose_answer_was_lost_at_the_counter_is_asked_about(
    page: Page, shop: Shop, member: str
) -> None:
    page.route("**/v1/purchases", lambda route: (route.fetch(), route.abort("failed")))
    script = """
      const key = "k1";
      const send = () => post(v[1], "/v1/purchases", key);
      const lost = await m.record("merchant/till", v[1], { key, send }).catch(String);
      return [lost, await kept()];
    """

    lost, kept = in_outbox(page, shop, script, sale(member, "r1"))
    found = in_outbox(page, shop, FLUSH)

    assert "Failed to fetch" in lost
    assert kept == [["k1", "asking", None]]
    assert found["settled"] == [["k1", "recorded"]]
    assert receipts_of(shop, member) == ["r1"]


def test_a_sale_under_way_is_not_sent_a_second_time_by_the_queue(
    page: Page, shop: Shop, member: str
) -> None:
    script = """
      const key = "k1";
      let during;
      const send = async () => {
        during = await m.flush("merchant/till", post);
        return post(v[1], "/v1/purchases", key);
      };
      const { body } = await m.record("merchant/till", v[1], { key, send });
      return [during, body.receipt_id, await kept()];
    """

    during, receipt_id, kept = in_outbox(page, shop, script, sale(member, "r1"))

    assert during == {"left": 1, "isBusy": False}
    assert (receipt_id, kept) == ("r1", [])


def test_a_browser_that_keeps_nothing_still_sells(page: Page, shop: Shop, member: str) -> None:
    page.evaluate("() => { indexedDB.open = () => { throw new Error('forbidden'); }; }")
    script = """
      const send = () => post(v[1], "/v1/purchases", "k1");
      return (await m.record("merchant/till", v[1], { key: "k1", send })).body.receipt_id;
    """

    assert in_outbox(page, shop, script, sale(member, "r1")) == "r1"


def test_a_refused_sale_stays_to_be_looked_at_and_holds_up_no_other(
    page: Page, shop: Shop, member: str
) -> None:
    shop.sell(member, 5_000, receipt_id="taken")
    queue = [["k1", sale(member, "taken")], ["k2", {"bad": 1}], ["k3", sale(member, "r3")]]
    in_outbox(page, shop, ADD, queue)

    found = in_outbox(page, shop, FLUSH)
    again = in_outbox(page, shop, FLUSH)

    refusals = [["k1", "receipt_exists"], ["k2", "unknown_field"]]
    assert found["settled"] == [*refusals, ["k3", "recorded"]]
    assert found["kept"] == [[key, "refused", code] for key, code in refusals]
    assert (again["settled"], again["kept"]) == ([], found["kept"])


def test_a_batch_that_is_refused_as_a_whole_is_sent_one_by_one(
    page: Page, shop: Shop, member: str
) -> None:
    queue = [["k" * 256, sale(member, "r1")], ["k2", sale(member, "r2")]]
    in_outbox(page, shop, ADD, queue)

    found = in_outbox(page, shop, FLUSH)

    assert found["settled"] == [["k" * 256, "bad_input"], ["k2", "recorded"]]


def test_a_long_queue_is_sent_in_parts_the_service_takes(
    page: Page, shop: Shop, member: str
) -> None:
    sizes = []
    page.on(
        "request",
        lambda request: (
            sizes.append(len(json.loads(request.post_data)["items"]))
            if request.url.endswith("/v1/purchase-batches")
            else None
        ),
    )
    in_outbox(page, shop, ADD, [[f"k{n}", sale(None, f"r{n}")] for n in range(60)])

    found = in_outbox(page, shop, FLUSH)
    while found["kept"]:  # what a call has no time for is put off
        found = in_outbox(page, shop, FLUSH)

    assert sizes[:2] == [50, 10]
    assert max(sizes) <= 50


def test_what_another_till_left_in_the_browser_is_not_sent(
    page: Page, shop: Shop, member: str
) -> None:
    other = "await m.add('merchant/other', v[1], { key: 'k1' });"
    in_outbox(page, shop, other, sale(member, "r1"))

    found = in_outbox(page, shop, FLUSH)

    assert (found["settled"], found["kept"]) == ([], [])
    assert receipts_of(shop, member) == []


def test_of_two_tabs_one_sends(page: Page, shop: Shop, member: str, base_url: str) -> None:
    second = open_bare(page.context.new_page(), base_url)
    in_outbox(page, shop, ADD, [["k1", sale(member, "r1")]])
    holding = """
      let begun;
      const isSending = new Promise((resolve) => (begun = resolve));
      globalThis.held = new Promise((resolve) => (globalThis.go = resolve));
      const slow = async (body) => { begun(); await held; return post(body); };
      globalThis.sending = m.flush("merchant/till", slow);
      await isSending;
    """
    in_outbox(page, shop, holding)

    meanwhile = in_outbox(second, shop, FLUSH)
    page.evaluate("async () => { go(); await sending; }")

    assert meanwhile["found"] == {"left": 0, "isBusy": True}
    assert in_outbox(second, shop, FLUSH)["kept"] == []
    assert receipts_of(shop, member) == ["r1"]


def test_the_number_of_waiting_sales_is_told_also_to_another_tab(
    page: Page, shop: Shop, member: str, base_url: str
) -> None:
    second = open_bare(page.context.new_page(), base_url)
    watch = """
      globalThis.counts = [];
      const seen = new Promise((done) => m.pending("merchant/till", (count) => {
        counts.push(count.waiting);
        if (count.waiting === v[1]) globalThis.arrived?.();
        done();
      }));
      globalThis.two = new Promise((resolve) => (globalThis.arrived = resolve));
      await seen;
    """
    in_outbox(second, shop, watch, 2)

    in_outbox(page, shop, ADD, [["k1", sale(member, "r1")], ["k2", sale(member, "r2")]])
    within(second, "two")

    assert second.evaluate("counts")[-1] == 2


def test_the_queue_is_sent_by_itself_when_the_service_can_be_reached_again(
    page: Page, shop: Shop, member: str
) -> None:
    page.route(BATCHES, lambda route: route.abort("failed"))
    in_outbox(page, shop, ADD, [["k1", sale(member, "r1")]])
    keep_sending = """
      globalThis.pauses = [];
      const wait = (ms) => { pauses.push(ms); if (pauses.length === 3) enough(); return 1; };
      globalThis.failed = new Promise((resolve) => (globalThis.enough = resolve));
      globalThis.sent = new Promise((onSettled) => {
        globalThis.runner = m.keepSending("merchant/till", post, { onSettled, wait });
      });
    """
    run(page, "outbox_runner.js", POST + keep_sending, shop.till_key)
    within(page, "failed")

    page.unroute(BATCHES)
    settled = within(page, "sent")
    page.evaluate("runner.stop()")

    assert page.evaluate("pauses")[:3] == [2_000, 4_000, 8_000]
    assert settled["key"] == "k1"
    assert receipts_of(shop, member) == ["r1"]


FAIL = """
  globalThis.pauses = [];
  const wait = (ms) => { pauses.push(ms); if (pauses.length === v[1]) enough(); return 1; };
  globalThis.failed = new Promise((resolve) => (globalThis.enough = resolve));
  globalThis.runner = m.keepSending("merchant/till", post, { wait });
"""
HIDE = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.parametrize(
    ("seen", "last"), [("visible", [15_000] * 4), ("hidden", [16_000, 32_000, 64_000, 120_000])]
)
def test_while_somebody_looks_no_pause_is_longer_than_fifteen_seconds(
    page: Page, shop: Shop, member: str, seen: str, last: list[int]
) -> None:
    page.route(BATCHES, lambda route: route.abort("failed"))
    page.evaluate(HIDE, seen)
    in_outbox(page, shop, ADD, [["k1", sale(member, "r1")]])

    run(page, "outbox_runner.js", POST + FAIL, shop.till_key, 7)
    within(page, "failed")
    page.evaluate("runner.stop()")

    assert page.evaluate("pauses")[3:7] == last


def test_by_the_clock_a_try_follows_within_fifteen_seconds(
    page: Page, shop: Shop, member: str
) -> None:
    page.clock.install()
    tries: list[str] = []
    page.route(BATCHES, lambda route: (tries.append(route.request.url), route.abort("failed")))
    in_outbox(page, shop, ADD, [["k1", sale(member, "r1")]])
    with page.expect_event("requestfailed"):
        keep = 'globalThis.runner = m.keepSending("merchant/till", post);'
        run(page, "outbox_runner.js", POST + keep, shop.till_key)

    for _ in range(8):
        with page.expect_event("requestfailed"):
            page.clock.run_for(15_000)
    page.evaluate("runner.stop()")

    assert len(tries) >= 9


@pytest.mark.parametrize("again", ["online", "looked at", "another sale"])
def test_the_queue_is_tried_at_once_when_something_has_happened(
    page: Page, shop: Shop, member: str, again: str
) -> None:
    page.route(BATCHES, lambda route: route.abort("failed"))
    in_outbox(page, shop, ADD, [["k1", sale(member, "r1")]])
    keep = """
      globalThis.failed = new Promise((enough) => {
        const wait = () => { enough(); return 3_600_000; };
        const onSettled = (one) => globalThis.told.push(one.key);
        globalThis.told = [];
        globalThis.runner = m.keepSending("merchant/till", post, { wait, onSettled });
      });
    """
    run(page, "outbox_runner.js", POST + keep, shop.till_key)
    within(page, "failed")
    page.unroute(BATCHES)

    with page.expect_response(BATCHES):
        if again == "online":
            page.evaluate("dispatchEvent(new Event('online'))")
        elif again == "looked at":
            page.evaluate(HIDE, "visible")
        else:
            in_outbox(page, shop, ADD, [["k2", sale(member, "r2")]])

    page.wait_for_function("told.includes('k1')")
    page.evaluate("runner.stop()")
    assert "r1" in receipts_of(shop, member)


def test_the_sale_under_way_survives_a_reload(page: Page) -> None:
    basket = {"key": "k1", "member_id": "m1", "lines": [{"unit_price_minor": 125_000}]}
    run(page, "basket_store.js", "await m.keepBasket(v[0], v[1])", TILL, {"key": "k0"})
    run(page, "basket_store.js", "await m.keepBasket(v[0], v[1])", TILL, basket)

    page.reload()

    read = "return [await m.keptBasket(v[0]), await m.keptBasket('merchant/other')]"
    assert run(page, "basket_store.js", read, TILL) == [basket, None]
    run(page, "basket_store.js", "await m.dropBasket(v[0])", TILL)
    assert run(page, "basket_store.js", read, TILL) == [None, None]


def test_who_was_seen_lately_is_known_by_their_card_without_a_network(page: Page) -> None:
    page.clock.install()
    seen = {"member_id": "m1", "name_short": "Анна К.", "balance": 250, "tier": "Gold"}
    code = {"kind": "pass", "text": "L17Q2M8K4D9XAB"}
    run(page, "last_members.js", "await m.remember(...v)", TILL, code, {**seen, "phone": "x"})
    shown = {"kind": "one_time", "text": "L37Q2M8K4D9XAB123456"}

    found = run(page, "last_members.js", "return m.recall(...v)", TILL, shown)
    page.clock.fast_forward("12:00:01")
    late = run(page, "last_members.js", "return m.recall(...v)", TILL, shown)

    assert {name: found[name] for name in seen} == seen
    assert "phone" not in found
    assert late is None
