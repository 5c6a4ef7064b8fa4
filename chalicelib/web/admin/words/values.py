"""What values of a program's document mean; any other is shown as it stands there."""

from typing import Final

from passes.wording import Language

VALUES: Final[dict[Language, dict[str, str]]] = {
    "ru": {
        "true": "да",
        "false": "нет",
        "points": "баллы",
        "discount": "скидка",
        "stamps": "штампы",
        "gift_card": "подарочные карты",
        "earn_or_redeem": "или начислить, или списать",
        "earn_and_redeem": "и начислить, и списать",
        "net_paid": "оплаченное деньгами",
        "gross": "весь чек",
        "unlimited": "остаётся долг",
        "within_balance": "не больше остатка",
        "only_pending": "только ещё не доступные баллы",
        "gt": "больше порога",
        "gte": "от порога",
        "cheapest_in_receipt": "самая дешёвая в чеке",
        "first_purchase": "первая покупка",
        "automatic": "сам собой",
    },
    "en": {
        "true": "yes",
        "false": "no",
        "points": "points",
        "discount": "discount",
        "stamps": "stamps",
        "gift_card": "gift cards",
        "earn_or_redeem": "either earn or redeem",
        "earn_and_redeem": "earn and redeem",
        "net_paid": "what is paid in money",
        "gross": "the whole receipt",
        "unlimited": "a debt remains",
        "within_balance": "not more than the balance",
        "only_pending": "only points that are not active yet",
        "gt": "above the threshold",
        "gte": "from the threshold",
        "cheapest_in_receipt": "the cheapest of the receipt",
        "first_purchase": "the first purchase",
        "automatic": "by itself",
    },
}
