"""Images of the caller's passes: upload, list, delete; and their public addresses."""

from collections.abc import Callable, Mapping
from typing import Any

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.pass_designs import ImageAnswer, ImageQuery, ImagesAnswer
from chalicelib.api.parsing import BadRequest, TextBody
from chalicelib.api.shapes import write_moment
from chalicelib.domain.members import Scope
from chalicelib.domain.pass_designs import PassDesign
from chalicelib.domain.pass_images import UPLOAD_BYTES_MAX, ImageUse, PassImage
from chalicelib.usecases.pass_designs import (
    add_image,
    google_images,
    pass_images,
    remove_image,
)
from chalicelib.wiring import services

pass_image_files = Blueprint(__name__)

UPLOAD = TextBody("image/png", UPLOAD_BYTES_MAX, others=("image/jpeg",), is_binary=True)
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
_ACCESS = scoped(Scope.PROGRAM)


@endpoint(
    pass_image_files,
    "POST",
    "/v1/pass-images",
    summary="Upload a PNG or JPEG: it is cut, shrunk and kept for both wallets.",
    tag="Pass design",
    access=_ACCESS,
    text=UPLOAD,
    query=ImageQuery,
    answers={201: ImageAnswer, 200: ImageAnswer},
    problems=("image_invalid", "too_many_images"),
)
def post_pass_image(call: Call[bytes]) -> Answer:
    """Keep an image; 200 if the same was uploaded before."""
    ports = services()
    image, is_new = add_image(
        call.merchant_id,
        call.body,
        ImageUse(call.query.use),
        at=call.at,
        maker=ports.image_maker,
        images=ports.pass_images,
    )
    status = 201 if is_new else 200
    return Answer(body=_image_json(call.merchant_id, image), status=status)


@endpoint(
    pass_image_files,
    "GET",
    "/v1/pass-images",
    summary="List the images, oldest first.",
    tag="Pass design",
    access=_ACCESS,
    answers={200: ImagesAnswer},
)
def get_pass_images(call: Call[None]) -> Answer:
    """Return all images."""
    found = services().pass_images.listed(call.merchant_id).images
    items = [_image_json(call.merchant_id, one) for one in found]
    return Answer(body={"items": items, "next_cursor": None})


@endpoint(
    pass_image_files,
    "DELETE",
    "/v1/pass-images/{image_id}",
    summary="Delete an image that neither the design nor its draft shows.",
    tag="Pass design",
    access=_ACCESS,
    answers={200: ImageAnswer},
    problems=("image_not_found", "image_in_use"),
)
def delete_pass_image(call: Call[None], image_id: str) -> Answer:
    """Delete it; the answer is what it was."""
    image = remove_image(call.merchant_id, image_id, desk=services().design_desk)
    return Answer(body=_image_json(call.merchant_id, image))


@endpoint(
    pass_image_files,
    "GET",
    "/wallet/images/{merchant_id}/{image_id}/{file_name}",
    summary="A file of an image: Google fetches it for its passes.",
    tag="Phones",
    answers={200: None},
    problems=("not_found",),
    is_documented=False,
)
def get_pass_image_file(
    call: Call[None],  # noqa: ARG001  views take a call
    merchant_id: str,
    image_id: str,
    file_name: str,
) -> Answer:
    """Return the PNG; an id stands for the same content for ever."""
    files = services().pass_images.files(merchant_id, image_id) or {}
    if file_name not in files:
        raise BadRequest("not_found", "there is no such image")
    headers = {"Cache-Control": KEPT_FOR_EVER}
    return Answer(body=files[file_name], content_type="image/png", headers=headers)


def uploaded(merchant_id: str) -> Callable[[str], Mapping[str, bytes]]:
    """Return what gives the files of an image, by its id, that travel in Apple's passes."""
    images = services().pass_images
    return lambda image_id: pass_images(merchant_id, image_id, images=images)


def image_url(merchant_id: str, image_id: str, file_name: str) -> str:
    """Return the public address of a file."""
    base = services().settings.public_url
    return f"{base}/wallet/images/{merchant_id}/{image_id}/{file_name}"


def google_image_urls(merchant_id: str, design: PassDesign) -> Mapping[str, str]:
    """Return the addresses of Google's `logo` and `hero`, where the design has them."""
    found = google_images(design)
    return {name: image_url(merchant_id, *where) for name, where in found.items()}


def _image_json(merchant_id: str, image: PassImage) -> dict[str, Any]:
    files = [
        {
            "name": one.name,
            "width": one.width,
            "height": one.height,
            "bytes": one.bytes,
            "url": image_url(merchant_id, image.image_id, one.name),
        }
        for one in image.files
    ]
    return {
        "object": "pass_image",
        "id": image.image_id,
        "use": image.use,
        "width": image.width,
        "height": image.height,
        "pass_bytes": image.pass_bytes,
        "files": files,
        "warnings": list(image.warnings),
        "added_at": write_moment(image.added_at),
    }
