"""The words of what a dry run assumes, in Russian and in English."""

from passes.wording import Language

ASSUMED: dict[str, dict[Language, str]] = {
    "both_priced_again": {
        "ru": "Чеки пересчитаны и по действующей программе, и по черновику: разница — только "
        "от черновика.",
        "en": "Receipts are priced again under the published program as well as the draft: "
        "they differ by the draft alone.",
    },
    "same_redemptions": {
        "ru": "В каждом чеке списывается столько баллов, сколько было списано, но не больше, "
        "чем позволяют правила.",
        "en": "Each receipt redeems the points it redeemed, or as many of them as the rules "
        "let it.",
    },
    "returned_left_out": {
        "ru": "Возвращённое не считается; отменённые чеки пропущены.",
        "en": "What was returned does not count; voided receipts are left out.",
    },
    "stamps_from_none": {
        "ru": "Штампы в начале периода: ноль у всех.",
        "en": "Stamps begin at none for everybody.",
    },
    "turnover_from_account": {
        "ru": "Оборот в начале периода — оборот счёта без чеков этого периода; по дням он "
        "помнится за 366 дней.",
        "en": "Turnover begins with the account's without the receipts of these days; by day "
        "it is remembered for 366 days.",
    },
    "tiers_given_by_hand": {
        "ru": "Уровни, выданные вручную или купленные и действующие сегодня, действуют весь "
        "период.",
        "en": "Tiers given by hand or bought that still stand count for all of these days.",
    },
    "claimed_as_shown": {
        "ru": "Чеки, приписанные карте или перенесённые позже, считаются так, будто карту "
        "показали сразу.",
        "en": "Receipts that were claimed or moved later count as if the card had been shown.",
    },
    "same_codes": {
        "ru": "Промокоды — те, что сработали в чеке; что они дают, решает программа.",
        "en": "Promo codes are those that gave something on the receipt; what they give is "
        "the program's word.",
    },
    "own_limits": {
        "ru": "Ограничения на участника отсчитываются с начала периода; общие и дневные не "
        "исчерпываются.",
        "en": "Limits per member count from the first day on; those in all and per day are "
        "never used up.",
    },
    "purchases_only": {
        "ru": "Только покупки: подарки на день рождения, приведённые друзья и действия не "
        "считаются.",
        "en": "Purchases only: birthdays, friends brought in and actions do not count.",
    },
}
