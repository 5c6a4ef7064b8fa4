"""The problems of pass designs and their images; see `problems.py`."""

from chalicelib.api.problem import Problem

OF_DESIGNS = {
    "pass_design_invalid": Problem(
        400,
        "Pass design invalid",
        "The document cannot be a pass design; nothing of it was kept.",
        "Correct what `errors` names: the path of each field, and what it must be.",
    ),
    "image_invalid": Problem(
        400,
        "Image invalid",
        "The file cannot be an image of a pass; nothing of it was kept.",
        "Send a PNG or JPEG of at most 1 MB and 4 million pixels; see `detail`.",
    ),
    "image_not_found": Problem(
        404, "Image not found", "There is no such image.", "List the images, or upload it."
    ),
    "image_in_use": Problem(
        409,
        "Image in use",
        "The published design or its draft shows the image.",
        "Publish a design without it, or save such a draft, and delete it then.",
    ),
    "too_many_images": Problem(
        409,
        "Too many images",
        "The merchant has fifty images already.",
        "Delete those that no design shows.",
    ),
}
