"""The words of a draw's public page in Russian and in English.

Curly braces are filled in by `draw_page.py`. Verb first, no exclamation marks.
"""

from collections.abc import Mapping
from typing import Any, Final

from passes.wording import Language

_RUSSIAN: Final = {
    "title": "{draw} · {merchant}",
    "days": "Розыгрыш призов, {opens} – {closes}",
    "one_day": "Розыгрыш призов, {opens}",
    "announced": "Розыгрыш начнётся {opens}. Покупки до этого дня не считаются.",
    "open": "Розыгрыш идёт. Список участников закроем после {closes}.",
    "closing": "Составляем список участников.",
    "closed": "Список участников опубликован. Победителей ещё не выбирали.",
    "drawing": "Выбираем победителей.",
    "drawn": "Победители выбраны {day}.",
    "prizes": "Призы",
    "prize": "Приз",
    "count": "Сколько",
    "points": "Баллы на карту",
    "entering": "Как участвовать",
    "per_member": "Купите по карте в дни розыгрыша: одна запись на участника.",
    "per_amount": "За каждые полные {money} покупок по карте в дни розыгрыша\u00a0— одна"
    " запись.",
    "per_points": "За каждые полные {points}, начисленные в дни розыгрыша,\u00a0— одна запись.",
    "min_total": "Участвуют те, кто купил не меньше чем на {money}.",
    "max_entries": "Записей у одного участника\u00a0— не больше {count}.",
    "returns": "Возвращённые покупки не считаются. Один участник выигрывает не больше раза.",
    "winners": "Победители",
    "place": "Место",
    "pseudonym": "Код участника",
    "winners_hint": "Участники названы кодами: свой код знает только сам участник.",
    "more_winners": "Показаны первые {count}. Все\u00a0— в файле.",
    "no_winners": "Участников не было.",
    "checking": "Проверить розыгрыш",
    "checking_lead": "Начальное число выбрано до розыгрыша, а опубликован сначала только его"
    " хеш. Список записей опубликован до выбора победителей. По этим данным победителей может"
    " пересчитать любой.",
    "seed_sha256": "SHA-256 начального числа, опубликован {day}",
    "entries": "Записей и участников",
    "entries_count": "{entries} и {members}",
    "entries_hash": "SHA-256 списка записей",
    "entries_sha256": "SHA-256 списка записей, опубликован {day}",
    "public_text": "Публичный текст",
    "no_text": "нет",
    "seed": "Начальное число",
    "later": "Появится после розыгрыша",
    "after_close": "Появится после закрытия списка",
    "step_save": "Сохраните файлы как есть, ничего не меняя.",
    "step_seed": "Проверьте, что SHA-256 начального числа (его 32 байт) и списка записей"
    "\u00a0— те, что опубликованы.",
    "step_pick": "Для n = 1, 2, 3 … возьмите HMAC-SHA256 с начальным числом как ключом от"
    " строки «SHA-256 списка|публичный текст|n» и остаток от деления на число оставшихся"
    " записей: это победившая запись, считая с нуля. Число, большее последнего полного"
    " круга остатков, пропустите.",
    "step_leave": "Вычеркните все записи победителя и повторите для следующего места.",
    "file_script": "Готовая программа проверки (Python)",
    "file_draw": "Данные розыгрыша (JSON)",
    "file_entries": "Список записей (CSV)",
    "file_entries_part": "Список записей, часть {part} (CSV)",
    "file_winners": "Победители (CSV)",
}
_ENGLISH: Final = {
    "title": "{draw} · {merchant}",
    "days": "Prize draw, {opens} – {closes}",
    "one_day": "Prize draw, {opens}",
    "announced": "The draw begins on {opens}. Purchases before that day do not count.",
    "open": "The draw is on. The list of entries closes after {closes}.",
    "closing": "The list of entries is being made.",
    "closed": "The list of entries is published. Nobody has been picked yet.",
    "drawing": "The winners are being picked.",
    "drawn": "The winners were picked on {day}.",
    "prizes": "Prizes",
    "prize": "Prize",
    "count": "How many",
    "points": "Points to the card",
    "entering": "How to enter",
    "per_member": "Buy with your card in the days of the draw: one entry per member.",
    "per_amount": "One entry for every full {money} bought with your card in its days.",
    "per_points": "One entry for every full {points} earned in its days.",
    "min_total": "Those take part who have bought for {money} or more.",
    "max_entries": "Entries of one member: at most {count}.",
    "returns": "Returned purchases do not count. A member wins once at most.",
    "winners": "Winners",
    "place": "Place",
    "pseudonym": "Member’s code",
    "winners_hint": "Members are named by codes: nobody but the member knows whose it is.",
    "more_winners": "These are the first {count}. The file has all.",
    "no_winners": "Nobody took part.",
    "checking": "Check the draw",
    "checking_lead": "The seed was settled before the draw, and only its hash was published."
    " The list of entries was published before anybody was picked. From these anybody can work"
    " the winners out again.",
    "seed_sha256": "SHA-256 of the seed, published {day}",
    "entries": "Entries and members",
    "entries_count": "{entries} and {members}",
    "entries_hash": "SHA-256 of the list of entries",
    "entries_sha256": "SHA-256 of the list of entries, published {day}",
    "public_text": "Public text",
    "no_text": "none",
    "seed": "Seed",
    "later": "Told once the draw is made",
    "after_close": "Told once the list is closed",
    "step_save": "Save the files as they are.",
    "step_seed": "See that the SHA-256 of the seed (its 32 bytes) and of the list of entries"
    " are those that were published.",
    "step_pick": "For n = 1, 2, 3 … take the HMAC-SHA256, with the seed as its key, of"
    " “SHA-256 of the list|public text|n”, and its remainder by the number of entries left:"
    " this is the winning entry, counted from nought. Pass over a number beyond the last full"
    " round of remainders.",
    "step_leave": "Strike out all entries of that winner and go on with the next place.",
    "file_script": "A program that checks it (Python)",
    "file_draw": "The draw’s facts (JSON)",
    "file_entries": "List of entries (CSV)",
    "file_entries_part": "List of entries, part {part} (CSV)",
    "file_winners": "Winners (CSV)",
}
DRAW_WORDS: Final[Mapping[Language, Mapping[str, Any]]] = {"ru": _RUSSIAN, "en": _ENGLISH}
