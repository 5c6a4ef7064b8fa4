"""What the use cases need from the outside world, as small Protocols.

Each has a real adapter in `chalicelib/adapters/` and a fake in `tests/fakes/`;
`tests/adapters/` runs one contract against both. No SDK exception crosses a port.
"""

from chalicelib.ports.attention import Attention
from chalicelib.ports.catalogue import Catalogue
from chalicelib.ports.confirmations import Confirmations
from chalicelib.ports.day_book import DayBook
from chalicelib.ports.draws import Draws, MemberTotal, Stretch
from chalicelib.ports.funnel import Funnel
from chalicelib.ports.gift_cards import GiftCards
from chalicelib.ports.google_wallet import (
    AnswerKind,
    CallbackForged,
    GoogleAnswer,
    GoogleApi,
    GoogleCallbacks,
    GoogleObjects,
    GoogleRates,
    SaidByGoogle,
)
from chalicelib.ports.jobs import Jobs
from chalicelib.ports.journal import Journal
from chalicelib.ports.ledger import (
    ChangeStream,
    Committed,
    DueWork,
    Ledger,
)
from chalicelib.ports.machinery import (
    Clock,
    Events,
    Keyring,
    Pacer,
    TaskQueue,
)
from chalicelib.ports.mail import Letter, Mailer, MailRejected, MailUnavailable
from chalicelib.ports.messages import (
    DeliveryReport,
    DeliveryState,
    NoticeBook,
    ReportForged,
    ReportUnreadable,
    Sms,
    SmsOutbox,
    SmsReceipt,
    SmsRejected,
    SmsReports,
    SmsSender,
    SmsUnavailable,
)
from chalicelib.ports.offers import Offers, OffersRead
from chalicelib.ports.pass_certificates import CertificateRecords, PassCertificates
from chalicelib.ports.pass_designs import ImageMaker, PassDesigns, PassImages, Repush
from chalicelib.ports.people import (
    Members,
    PhoneLinks,
    PrefixMonitor,
    SignUps,
)
from chalicelib.ports.phone_changes import PhoneChanges
from chalicelib.ports.promo_codes import PromoCodes
from chalicelib.ports.tenants import (
    ApiKeys,
    Merchants,
)
from chalicelib.ports.trouble import (
    AlreadyRecorded,
    CommitConflict,
    LimitReached,
    ReceiptExists,
    StoreUnavailable,
    Taken,
    Trouble,
)
from chalicelib.ports.wallets import (
    DevicePusher,
    DevicePushers,
    PassDevices,
    PassHolders,
    PassStates,
    PushKind,
    PushOutcome,
    WalletObjects,
)

__all__ = [
    "AlreadyRecorded",
    "AnswerKind",
    "ApiKeys",
    "Attention",
    "CallbackForged",
    "Catalogue",
    "CertificateRecords",
    "ChangeStream",
    "Clock",
    "CommitConflict",
    "Committed",
    "Confirmations",
    "DayBook",
    "DeliveryReport",
    "DeliveryState",
    "DevicePusher",
    "DevicePushers",
    "Draws",
    "DueWork",
    "Events",
    "Funnel",
    "GiftCards",
    "GoogleAnswer",
    "GoogleApi",
    "GoogleCallbacks",
    "GoogleObjects",
    "GoogleRates",
    "ImageMaker",
    "Jobs",
    "Journal",
    "Keyring",
    "Ledger",
    "Letter",
    "LimitReached",
    "MailRejected",
    "MailUnavailable",
    "Mailer",
    "MemberTotal",
    "Members",
    "Merchants",
    "NoticeBook",
    "Offers",
    "OffersRead",
    "Pacer",
    "PassCertificates",
    "PassDesigns",
    "PassDevices",
    "PassHolders",
    "PassImages",
    "PassStates",
    "PhoneChanges",
    "PhoneLinks",
    "PrefixMonitor",
    "PromoCodes",
    "PushKind",
    "PushOutcome",
    "ReceiptExists",
    "ReportForged",
    "ReportUnreadable",
    "Repush",
    "SaidByGoogle",
    "SignUps",
    "Sms",
    "SmsOutbox",
    "SmsReceipt",
    "SmsRejected",
    "SmsReports",
    "SmsSender",
    "SmsUnavailable",
    "StoreUnavailable",
    "Stretch",
    "Taken",
    "TaskQueue",
    "Trouble",
    "WalletObjects",
]
