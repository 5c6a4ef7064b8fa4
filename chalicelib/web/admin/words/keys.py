"""Words of API keys."""

from typing import Any, Final

from passes.wording import Language

_RUSSIAN: Final[dict[str, Any]] = {
    "keys_lead": "Для кассовой программы или сайта. Наша касса работает без ключей.",
    "keys_empty": "Здесь появится первый ключ. Создайте его, чтобы подключить кассовую"
    " программу.",
    "key_add": "Создать ключ",
    "key_name": "Название",
    "key_name_hint": "Где он стоит: «1С на Мира», «Сайт»",
    "key_till": "Касса",
    "key_till_hint": "От имени какой кассы приходят чеки",
    "key_integration": "Сайт или обмен данными",
    "key_scopes": "Что можно делать",
    "scope_till": "Чеки и поиск участников",
    "scope_manager": "Отмены и переносы чеков",
    "scope_grants": "Начисление баллов без чека",
    "scope_members": "Данные участников",
    "scope_history": "Загрузка прошлых покупок",
    "scope_program": "Правила и дизайн",
    "scope_staff": "Магазины, кассы и сотрудники",
    "key_made": "Ключ создан. Скопируйте его сейчас: больше мы его не покажем.",
    "key_secret": "Новый ключ",
    "key_used": "Последний раз: {day}",
    "key_unused": "ещё не использовали",
    "key_revoke": "Отозвать",
    "key_revoke_hint": "Программа с этим ключом перестанет работать не позже чем через минуту.",
    "key_revoked": "Отозван",
    "done_key_revoked": "Ключ отозван",
}
_ENGLISH: Final[dict[str, Any]] = {
    "keys_lead": "For a till system or a site. Our own till needs no keys.",
    "keys_empty": "Your first key will appear here. Make one to connect a till system.",
    "key_add": "Make a key",
    "key_name": "Name",
    "key_name_hint": "Where it stands: “Till system, High Street”, “Site”",
    "key_till": "Till",
    "key_till_hint": "Which till the receipts come from",
    "key_integration": "Site or data exchange",
    "key_scopes": "What it may do",
    "scope_till": "Receipts and finding members",
    "scope_manager": "Voiding and moving receipts",
    "scope_grants": "Granting points without a receipt",
    "scope_members": "Members’ data",
    "scope_history": "Loading earlier purchases",
    "scope_program": "Rules and design",
    "scope_staff": "Stores, tills and staff",
    "key_made": "The key is made. Copy it now: it is not shown again.",
    "key_secret": "New key",
    "key_used": "Last used {day}",
    "key_unused": "not used yet",
    "key_revoke": "Revoke",
    "key_revoke_hint": "What uses this key stops working within a minute.",
    "key_revoked": "Revoked",
    "done_key_revoked": "The key is revoked",
}
WORDS: Final[dict[Language, dict[str, Any]]] = {"ru": _RUSSIAN, "en": _ENGLISH}
