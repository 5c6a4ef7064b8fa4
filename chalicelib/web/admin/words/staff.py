"""Words of the people who stand at tills."""

from typing import Any, Final

from passes.wording import Language

_RUSSIAN: Final[dict[str, Any]] = {
    "staff_lead": "Каждый входит на кассе под своим именем и PIN. Так видно, кто провёл чек.",
    "staff_empty": "Здесь появится первый кассир. Добавьте имя и PIN.",
    "person_add": "Добавить сотрудника",
    "person": "Сотрудник",
    "person_name": "Имя",
    "person_name_hint": "Так его увидят на кассе: «Анна К.»",
    "person_role": "Роль",
    "role_cashier": "Кассир",
    "role_manager": "Управляющий",
    "role_owner": "Владелец",
    "role_hint": "Управляющий подтверждает отмены и переносы чеков",
    "person_pin": "PIN",
    "person_pin_hint": "4–6 цифр, не подряд и не одинаковые. Скажите только самому сотруднику.",
    "person_pin_new": "Новый PIN",
    "pin_reset": "Сменить PIN",
    "pin_set": "PIN задан",
    "pin_none": "без PIN",
    "person_off": "Отключён",
    "person_on": "Работает",
    "person_edit": "Изменить",
    "person_deactivate": "Отключить",
    "person_deactivate_hint": "Выйдет со всех касс сразу. Его чеки и записи останутся.",
    "person_activate": "Вернуть на работу",
    "done_person": "Изменения сохранены",
    "done_person_added": "Сотрудник добавлен",
    "done_pin": "PIN изменён",
}
_ENGLISH: Final[dict[str, Any]] = {
    "staff_lead": "Everybody signs in at the till by name and PIN, so it is clear who did"
    " what.",
    "staff_empty": "Your first cashier will appear here. Add a name and a PIN.",
    "person_add": "Add a person",
    "person": "Person",
    "person_name": "Name",
    "person_name_hint": "As it stands at the till: “Anna K.”",
    "person_role": "Role",
    "role_cashier": "Cashier",
    "role_manager": "Manager",
    "role_owner": "Owner",
    "role_hint": "A manager approves voided and moved receipts",
    "person_pin": "PIN",
    "person_pin_hint": "4 to 6 digits, not in a row, not all the same. Tell only the person.",
    "person_pin_new": "New PIN",
    "pin_reset": "Change the PIN",
    "pin_set": "PIN is set",
    "pin_none": "no PIN",
    "person_off": "Turned off",
    "person_on": "Works here",
    "person_edit": "Edit",
    "person_deactivate": "Turn off",
    "person_deactivate_hint": "Signed out of all tills at once. Receipts and records stay.",
    "person_activate": "Take back",
    "done_person": "Changes are saved",
    "done_person_added": "The person is added",
    "done_pin": "The PIN is changed",
}
WORDS: Final[dict[Language, dict[str, Any]]] = {"ru": _RUSSIAN, "en": _ENGLISH}
