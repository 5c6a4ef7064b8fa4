"""What use cases read and write with, taken from the deployment's adapters."""

from chalicelib.usecases.confirmations import ConfirmationDesk
from chalicelib.usecases.day_book import DayDesk
from chalicelib.usecases.enrolment import Doors
from chalicelib.usecases.leaving import ExitDesk
from chalicelib.usecases.members import Directory
from chalicelib.usecases.merchants import Office
from chalicelib.usecases.passes import PhoneDesk
from chalicelib.usecases.phone_codes import NumberDesk
from chalicelib.usecases.phone_links import LinkDesk
from chalicelib.usecases.write_once import Book
from chalicelib.wiring import services


def book() -> Book:
    """Return the ports of a ledger write."""
    return services().book


def directory() -> Directory:
    """Return the ports that know members."""
    ports = services()
    return Directory(
        merchants=ports.merchants,
        members=ports.members,
        ledger=ports.ledger,
        keyring=ports.keyring,
        pacer=ports.pacer,
    )


def doors() -> Doors:
    """Return the ports a sign-up goes through."""
    ports = services()
    return Doors(
        merchants=ports.merchants,
        members=ports.members,
        sign_ups=ports.sign_ups,
        prefixes=ports.prefixes,
        book=ports.book,
        keyring=ports.keyring,
        pacer=ports.pacer,
        policy=ports.sms_policy,
    )


def link_desk() -> LinkDesk:
    """Return the ports that members typed in at a till are confirmed by."""
    ports = services()
    return LinkDesk(
        book=ports.book,
        members=ports.members,
        links=ports.phone_links,
        watch=doors().watch,
        keyring=ports.keyring,
        policy=ports.sms_policy,
        public_url=ports.settings.public_url,
    )


def confirmation_desk() -> ConfirmationDesk:
    """Return the ports a confirmation goes through."""
    ports = services()
    return ConfirmationDesk(
        confirmations=ports.book.confirmations,
        merchants=ports.merchants,
        members=ports.members,
        ledger=ports.ledger,
        prefixes=ports.prefixes,
        keyring=ports.keyring,
        pacer=ports.pacer,
        policy=ports.sms_policy,
    )


def number_desk() -> NumberDesk:
    """Return the ports a change of a phone goes through."""
    ports = services()
    return NumberDesk(
        exit=exit_desk(),
        changes=ports.phone_changes,
        watch=doors().watch,
        policy=ports.sms_policy,
    )


def day_desk() -> DayDesk:
    """Return the ports the day-book is read with."""
    ports = services()
    return DayDesk(
        day_book=ports.day_book,
        journal=ports.journal,
        attention=ports.attention,
        devices=ports.devices,
        book=ports.book,
    )


def exit_desk() -> ExitDesk:
    """Return the ports a member leaves by."""
    ports = services()
    return ExitDesk(
        book=ports.book,
        members=ports.members,
        codes=ports.promo_codes,
        keyring=ports.keyring,
    )


def office() -> Office:
    """Return the ports that know merchants."""
    return services().office


def phone_desk() -> PhoneDesk:
    """Return the ports that phones register with."""
    ports = services()
    return PhoneDesk(
        devices=ports.devices,
        states=ports.pass_states,
        pacer=ports.pacer,
        funnel=ports.funnel_desk,
    )
