"""What a refused value is told: of programs and designs by pattern, of forms by code.

The domain says its faults in English, for developers; here they become a sentence for a
merchant. `%1` and `%2` are what the pattern caught.
"""

from typing import Any, Final

from passes.wording import Language

# pattern of the domain's words → (Russian, English)
FAULTS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        r"must be a percentage from 0 to 100.*",
        "Процент от 0 до 100, например 7,5",
        "A percentage from 0 to 100, such as 7.5",
    ),
    (
        r"must be an amount like .*",
        "Сумма цифрами, например 1500.00",
        "An amount in digits, such as 1500.00",
    ),
    (
        r"must be an amount above 0.*",
        "Сумма больше нуля",
        "An amount above zero",
    ),
    (
        r"must be a whole number from (-?\d+) to (\d+)",
        "Целое число от %1 до %2",
        "A whole number from %1 to %2",
    ),
    (
        r"must be a text of 1 to (\d+) characters",
        "От 1 до %1 знаков",
        "1 to %1 characters",
    ),
    (
        r"must be one line of 1 to (\d+) characters",
        "Одна строка до %1 знаков",
        "One line of at most %1 characters",
    ),
    (
        r"has (\d+) characters; (\d+) are shown",
        "Здесь %1 знаков, а на карте видно %2",
        "This has %1 characters, cards show %2",
    ),
    (
        r"must be above that of (.+)",
        "Порог должен быть выше предыдущего: %1",
        "Must be above the one before: %1",
    ),
    (r"must be above 0.*", "Число больше нуля", "A number above zero"),
    (
        r"must be above pending_days.*|must be longer than pending_days",
        "Баллы сгорят раньше, чем станут доступны: увеличьте срок",
        "Points would expire before they can be used: make it longer",
    ),
    (
        r"has a contrast of (.+) to the background; (.+) can be read",
        "Контраст с фоном %1, читается от %2",
        "Contrast to the background %1, readable from %2",
    ),
    (
        r"must be a colour like .*",
        "Цвет в виде # и шести знаков",
        "A colour as # and six digits",
    ),
    (r"is not a known field", "Такого правила нет", "There is no such rule"),
    (r"is missing", "Этого не хватает", "This is missing"),
    (r"has no rates", "Для этого уровня нет ставок", "This tier has no rates"),
    (
        r"is not a level of tiers|.* is not a level of tiers|is no tier of the program",
        "Такого уровня в программе нет",
        "The program has no such tier",
    ),
    (
        r"must be one of (.+)",
        "Одно из значений: %1",
        "One of: %1",
    ),
    (r"must be an object", "Здесь нужен объект в скобках {}", "This must be an object in {}"),
    (
        r"must stay (\w+):.*",
        "Валюта остаётся %1: в ней чеки и подарочные карты",
        "The currency stays %1: receipts and gift cards are in it",
    ),
    (
        r"there is no time zone (.+)",
        "Нет такого часового пояса: %1",
        "There is no time zone %1",
    ),
    (
        r"there are two (\w+) (.+)",
        "Два раза одно имя: %2",
        "Two of one name: %2",
    ),
    (
        r"stands beside (\w+): give one of them",
        "Выберите одно: это или %1",
        "Choose one: this or %1",
    ),
    (
        r"\d+ bytes, at most \d+",
        "Файл больше 1 МБ. Уменьшите картинку и выберите её ещё раз.",
        "The file is over 1 MB. Make the picture smaller and choose it again.",
    ),
    (
        r"the file is neither PNG nor JPEG",
        "Это не PNG и не JPEG. Сохраните картинку в одном из этих форматов.",
        "This is neither PNG nor JPEG. Save the picture as one of them.",
    ),
    (
        r"(\d+ × \d+) pixels, at most \d+ in all|many times the \d+ pixels that are taken",
        "Картинка слишком большая. Подойдёт до 4 мегапикселей, например 2000 × 2000.",
        "The picture is too large. At most 4 megapixels, such as 2000 × 2000.",
    ),
    (
        r"(\d+ × \d+): one side is over \d+ times the other",
        "Картинка слишком вытянутая: %1. Обрежьте её.",
        "The picture is too long for its width: %1. Crop it.",
    ),
    (
        r"(\d+ × \d+) pixels are too few: at least (\d+ × \d+) pixels",
        "Картинка слишком мелкая: %1. Нужно не меньше %2 пикселей.",
        "The picture is too small: %1. At least %2 pixels.",
    ),
    (
        r"too many details for a pass.*",
        "Для карты слишком много деталей. Выберите картинку спокойнее.",
        "Too many details for a card. Choose a calmer picture.",
    ),
    (
        r"the file is broken.*|a JPEG of more than \d+ scans",
        "Файл не открывается. Сохраните картинку заново и выберите её ещё раз.",
        "The file cannot be opened. Save the picture anew and choose it again.",
    ),
)
_RUSSIAN: Final[dict[str, Any]] = {
    "fault_other": "Значение не подходит",
    "error_empty": "Заполните это поле",
    "error_long": "Не больше {maximum} знаков",
    "error_whole": "Целое число от {minimum} до {maximum}",
    "error_choose": "Выберите вариант",
    "error_sign_in_refused": "Почта или пароль не подошли. Проверьте раскладку и Caps Lock.",
    "error_confirm_refused": "Пароль или код не подошли. Код из приложения годится один раз:"
    " дождитесь следующего.",
    "error_key_taken": "Такой ключ у этой кассы уже есть. Если секрет не сохранён, отзовите"
    " его и создайте другой.",
    "error_recovery_refused": "Код восстановления не подошёл. Сверьте буквы и цифры или"
    " возьмите другой: каждый работает один раз.",
    "error_code_refused": "Код не подошёл. Дождитесь следующего в приложении и введите его.",
    "error_sign_in_locked": "Слишком много попыток. Попробуйте через {when}.",
    "error_email_invalid": "Проверьте адрес: в нём нужны @ и домен.",
    "error_email_taken": "Эта почта уже зарегистрирована. Войдите или укажите другую.",
    "error_password_weak": "Этот пароль легко подобрать. Возьмите фразу из нескольких слов"
    " без названия магазина и адреса почты.",
    "error_password_short": "Не короче 12 знаков.",
    "error_pin_invalid": "От 4 до 6 цифр, не подряд и не одинаковые.",
    "error_too_many": "Больше добавить нельзя. Отключите ненужное или напишите нам.",
    "error_taken": "Такое имя уже есть.",
    "error_merchant_taken": "Такое название уже занято. Добавьте город или улицу.",
    "error_too_many_images": "Картинок уже слишком много.",
    "error_too_many_keys": "У этой кассы уже два ключа. Отзовите старый.",
    "error_date_refused": "Срок раньше, чем баллы станут доступны.",
    "error_idempotency_key_reused": "Эту форму уже отправили с другими данными."
    " Обновите страницу.",
    "error_over_ceiling": "За один раз можно начислить не больше {maximum}.",
    "error_phone_invalid": "Это не номер мобильного телефона. Проверьте цифры.",
    "error_phone_not_allowed": "В эту страну коды не отправляем.",
    "error_phone_unchanged": "Карта уже на этом номере.",
    "error_phone_taken": "Этот номер уже у другой карты: карты можно объединить.",
    "error_too_many_codes": "На такие номера сейчас коды не отправляем. Попробуйте позже.",
    "error_code_wrong": "Код не тот. Проверьте цифры в последнем SMS.",
    "error_code_expired": "Время кода вышло. Отправьте новый.",
    "error_code_locked": "Слишком много неверных кодов. Отправьте новый позже.",
    "error_phone_change_refused": "Эта смена уже не действует. Начните её заново.",
    "error_merge_refused": "Эти карты объединить нельзя.",
    "minutes": {"one": "минуту", "few": "минуты", "many": "минут"},
    "seconds": {"one": "секунду", "few": "секунды", "many": "секунд"},
}
_ENGLISH: Final[dict[str, Any]] = {
    "fault_other": "This value does not fit",
    "error_empty": "Fill this in",
    "error_long": "At most {maximum} characters",
    "error_whole": "A whole number from {minimum} to {maximum}",
    "error_choose": "Choose one",
    "error_sign_in_refused": "E-mail or password did not match. Check Caps Lock.",
    "error_confirm_refused": "Password or code did not match. A code of the app is good once:"
    " wait for the next.",
    "error_key_taken": "This till has a key of that name. If its secret was not saved, revoke"
    " it and make another.",
    "error_recovery_refused": "The recovery code did not match. Compare letters and digits,"
    " or take another one: each works once.",
    "error_code_refused": "The code did not match. Wait for the next one and enter it.",
    "error_sign_in_locked": "Too many tries. Try again in {when}.",
    "error_email_invalid": "Check the address: it needs an @ and a domain.",
    "error_email_taken": "This e-mail is registered already. Sign in or use another.",
    "error_password_weak": "This password is easy to guess. Take a phrase of several words"
    " without the shop’s name or your e-mail.",
    "error_password_short": "At least 12 characters.",
    "error_pin_invalid": "4 to 6 digits, not in a row and not all the same.",
    "error_too_many": "No more can be added. Turn off what you do not need, or write to us.",
    "error_taken": "This name is in use.",
    "error_merchant_taken": "This name is taken. Add the city or the street.",
    "error_too_many_images": "There are too many images already.",
    "error_too_many_keys": "This till has two keys already. Revoke the old one.",
    "error_date_refused": "The last day comes before the points can be used.",
    "error_idempotency_key_reused": "This form was sent already with other content."
    " Reload the page.",
    "error_over_ceiling": "At most {maximum} can be granted at once.",
    "error_phone_invalid": "This is no mobile number. Check the digits.",
    "error_phone_not_allowed": "Codes are not sent to that country.",
    "error_phone_unchanged": "The card is at this number already.",
    "error_phone_taken": "This number is on another card: the cards can be merged.",
    "error_too_many_codes": "Codes are not sent to such numbers now. Try later.",
    "error_code_wrong": "Not that code. Check the digits of the last text message.",
    "error_code_expired": "The code is too old. Send a new one.",
    "error_code_locked": "Too many wrong codes. Send a new one later.",
    "error_phone_change_refused": "This change is over. Begin it anew.",
    "error_merge_refused": "These cards cannot be merged.",
    "minutes": {"one": "minute", "other": "minutes"},
    "seconds": {"one": "second", "other": "seconds"},
}
WORDS: Final[dict[Language, dict[str, Any]]] = {"ru": _RUSSIAN, "en": _ENGLISH}
