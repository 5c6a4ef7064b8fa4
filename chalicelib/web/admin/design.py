"""The card's design: name, colours with their contrast, images; both wallets' cards beside it.

The preview is drawn of what is typed, saved or not, by the code that draws passes.
"""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

from chalicelib.api.cards import colours_of
from chalicelib.api.exchange import Answer
from chalicelib.api.pass_previews import Uploads
from chalicelib.domain.colours import CONTRAST_MIN, contrast, contrast_text, read_colour
from chalicelib.domain.design_document import InvalidDesign
from chalicelib.domain.pass_designs import Colours, Symbology
from chalicelib.domain.pass_images import ImageRefused, ImageUse, TooManyImages
from chalicelib.usecases.merchants import DraftMissing, DraftOutdated, paint_merchant
from chalicelib.usecases.pass_designs import add_image, publish_design, save_design
from chalicelib.web.admin.bases import base_of, is_overtaken
from chalicelib.web.admin.drawing import fragment, page
from chalicelib.web.admin.faults import Errors, fault_text, faults_by_field, refusal_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.previews import cards_view
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

COLOURS: Final = ("background", "foreground", "label")
IMAGES: Final = (ImageUse.LOGO, ImageUse.STRIP)

Document = dict[str, Any]


def show(visit: Visit) -> Answer:
    """Show the draft, or what is published."""
    return _page(visit, _document(visit), {})


def post(visit: Visit) -> Answer:
    """Keep what was typed as the draft, with the images that came with it."""
    before = _document(visit)
    document = _typed(visit, before)
    errors: Errors = {}
    if is_overtaken(visit, before, document):
        return _page(visit, document, {"": str(words_of(visit.language)["conflict"])})
    for use in IMAGES:
        if use.value in visit.form.files:
            try:
                document[use.value] = _kept_image(visit, use)
            except ImageRefused as refusal:
                errors[use.value] = fault_text(str(refusal), visit.language)
            except TooManyImages as refusal:
                errors[use.value] = refusal_text(refusal, visit.language)
    try:
        if not errors:
            save_design(visit.merchant_id, document, at=visit.at, desk=services().design_desk)
    except InvalidDesign as refusal:
        errors = _by_name(refusal, visit)
    return _page(visit, document, errors) if errors else done(visit, "/admin/design", "design")


def preview(visit: Visit) -> Answer:
    """Draw the cards of what is typed and chosen; nothing of it is kept."""
    document = _typed(visit, _document(visit))
    unsaved: dict[str, Mapping[str, bytes]] = {}
    for use in IMAGES:
        with suppress(ImageRefused):  # saving says what is wrong with it
            if use.value in visit.form.files:
                artwork = services().image_maker.make(visit.form.files[use.value], use)
                unsaved[artwork.image_id] = {one.name: one.content for one in artwork.files}
                document[use.value] = artwork.image_id
    return fragment(visit, "_cards", _cards(visit, document, unsaved))


def publish(visit: Visit) -> Answer:
    """Make the draft the design; pages and posters take its ground as the merchant's colour."""
    document, by, desk = _document(visit), visit.who.staff_id, services().design_desk
    try:
        publish_design(visit.merchant_id, at=visit.at, by=by, desk=desk)
    except DraftMissing:
        pass  # by the same form, sent twice
    except DraftOutdated:
        return _page(visit, document, {"": str(words_of(visit.language)["conflict"])})
    except InvalidDesign as refusal:
        return _page(visit, document, _by_name(refusal, visit))
    accent = document.get("colours", {}).get("background")
    if accent:
        paint_merchant(visit.merchant_id, accent, merchants=services().merchants)
    return done(visit, "/admin/design", "design_published")


def _document(visit: Visit) -> Document:
    """Return the document to work on: the draft, or else what is published."""
    designs = services().pass_designs
    draft = designs.draft(visit.merchant_id)
    return dict(draft or designs.document(visit.merchant_id) or {})


def _typed(visit: Visit, document: Document) -> Document:
    """Return the document with what the form says; an empty field is left out."""
    form, document = visit.form, dict(document)
    document["colours"] = {name: form[f"colours.{name}"].lower() for name in COLOURS}
    for name in ("program_name", "symbology"):
        document[name] = form[name]
    support = {**document.get("support", {}), "phone": _digits(form["support.phone"])}
    document["support"] = {name: value for name, value in support.items() if value}
    for use in IMAGES:
        if form.has(f"{use}_remove"):
            document.pop(use.value, None)
    return {name: value for name, value in document.items() if value not in ("", {}, None)}


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign not in " -()\u00a0")


def _kept_image(visit: Visit, use: ImageUse) -> str:
    """Return the id of an image that came with the form. Raises ImageRefused, TooManyImages."""
    ports = services()
    image, _ = add_image(
        visit.merchant_id,
        visit.form.files[use.value],
        use,
        at=visit.at,
        maker=ports.image_maker,
        images=ports.pass_images,
    )
    return image.image_id


def _by_name(refusal: InvalidDesign, visit: Visit) -> Errors:
    found = faults_by_field(refusal.faults, visit.language)
    return {path.strip("/").replace("/", "."): text for path, text in found.items()}


def _page(visit: Visit, document: Document, errors: Errors) -> Answer:
    words, designs = words_of(visit.language), services().pass_designs
    form = {
        "program_name": document.get("program_name", ""),
        "symbology": document.get("symbology", Symbology.QR.value),
        "support.phone": document.get("support", {}).get("phone", ""),
        "has_logo": bool(document.get("logo")),
        "has_strip": bool(document.get("strip")),
    }
    view = {
        **_cards(visit, document),
        "form": form,
        "colours": _colours(visit, document),
        "symbologies": [
            {"value": one.value, "text": words[f"symbology_{one.value}"]} for one in Symbology
        ],
        "has_draft": designs.draft(visit.merchant_id) is not None,
        "base": base_of(_document(visit)),
        "errors": errors,
    }
    return page(visit, "design", view, at="design", status=422 if errors else 200)


def _colours(visit: Visit, document: Document) -> list[dict[str, str]]:
    words, default = words_of(visit.language), colours_of(visit.shop.accent)
    known = document.get("colours", {})
    return [
        {
            "name": f"colours.{name}",
            "label": str(words[f"colour_{name}"]),
            "pick": str(words["colour_pick"]).format(name=words[f"colour_{name}"]),
            "value": known.get(name) or getattr(default, name),
        }
        for name in COLOURS
    ]


def _cards(
    visit: Visit, document: Document, unsaved: Uploads = MappingProxyType({})
) -> dict[str, Any]:
    """Return both cards and what their contrast comes to."""
    default = colours_of(visit.shop.accent)
    known = {
        name: document.get("colours", {}).get(name) or getattr(default, name)
        for name in COLOURS
    }
    read = {name: read_colour(value) for name, value in known.items()}
    ground = read["background"]
    inks = [read[name] for name in COLOURS[1:]]
    reached = min((contrast(ground, ink) for ink in inks if ground and ink), default=1.0)
    is_good = all(read.values()) and reached >= CONTRAST_MIN
    word = "contrast_good" if is_good else "contrast_poor"
    text = str(words_of(visit.language)[word]).format(ratio=_written(reached, visit))
    colours = Colours(**known) if all(read.values()) else default
    return {
        "cards": cards_view(visit, document, colours, unsaved),
        "contrast": {"text": text, "tone": "success" if is_good else "danger"},
    }


def _written(reached: float, visit: Visit) -> str:
    text = contrast_text(reached)
    return text.replace(".", ",") if visit.language == "ru" else text
