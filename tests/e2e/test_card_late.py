"""The card's own looks at the service, when their answers come late or not at all."""

from playwright.sync_api import APIResponse, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.shop import Shop
from tests.e2e.test_offline_card import opened

LIVE = "**/live*"
SHOWN = """() => {
  window.shown = [];
  new MutationObserver(() => {
    const { points } = document.querySelector("[data-live=balance]").dataset;
    if (window.shown.at(-1) !== points) window.shown.push(points);
  }).observe(document.querySelector("[data-card]"), { childList: true, subtree: true });
}"""
# The worker's own code in a page that has kept its card, with a service that is down.
BROKEN = """async ([code, path]) => {
  const hears = {};
  const self = { addEventListener: (name, hear) => (hears[name] = hear), location };
  const fetch = async () => new Response("<p>down</p>", { status: 503 });
  const answer = await new Promise((respondWith) => {
    new Function("self", "fetch", code)(self, fetch);
    hears.fetch({ request: new Request(path), respondWith });
  });
  return [answer.status, (await answer.text()).includes("data-card")];
}"""
LOOK = "dispatchEvent(new Event('online'))"


def test_an_older_answer_takes_no_newer_ones_place(shop: Shop, open_page: OpenPage) -> None:
    joined = shop.join()
    page = open_page(service_workers="block")
    page.clock.install()  # the card looks when it is told to
    page.goto(joined["card_url"])
    shop.sell(joined["member_id"], 100_000)
    held: list[tuple[Route, APIResponse]] = []
    page.route(LIVE, lambda route: held.append((route, route.fetch())), times=1)
    with page.expect_request(LIVE):
        page.evaluate(LOOK)
    page.evaluate(SHOWN)
    shop.sell(joined["member_id"], 100_000)
    page.evaluate(LOOK)
    expect(page.locator("[data-balance]")).to_have_text("100")

    [(route, answer)] = held
    with page.expect_response(LIVE):
        route.fulfill(response=answer)

    page.evaluate("fetch(location.href).then((answer) => answer.text())")  # one way there, back
    assert page.evaluate("window.shown") == ["100"]
    expect(page.locator("[data-status]")).to_be_hidden()


def test_a_service_that_is_down_leaves_the_card_that_is_kept(
    shop: Shop, open_page: OpenPage
) -> None:
    joined = shop.join()
    page = open_page()
    opened(page, joined["card_url"])

    path = joined["card_url"].removeprefix(shop.base_url)
    worker = shop.get("/card-worker.js").text

    assert page.evaluate(BROKEN, [worker, path]) == [200, True]
