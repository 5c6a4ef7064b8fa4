"""The catalogue of a merchant: what SKUs are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.catalogue import Article, CatalogueSummary


class Catalogue(Protocol):
    """Articles by SKU, changed as a whole: readers see one version or the next.

    Every call raises StoreUnavailable.
    """

    def summary(self, merchant_id: str) -> CatalogueSummary | None:
        """Return what the catalogue holds now, or None if there is none."""

    def articles(
        self, merchant_id: str, skus: Collection[str], *, is_fresh: bool = False
    ) -> Mapping[str, Article]:
        """Return those of the SKUs that are known; as of at most 60 s ago, unless fresh.

        Costs nothing where there is no catalogue, else one read for 100 SKUs.
        """

    def page(self, merchant_id: str, *, after: str = "", limit: int) -> tuple[Article, ...]:
        """Return articles in order of SKU; the next ones begin `after` the last SKU."""

    def every(self, merchant_id: str) -> tuple[Article, ...]:
        """Return all articles in order of SKU."""

    def save(
        self, merchant_id: str, articles: Sequence[Article], *, version: int, at: datetime
    ) -> CatalogueSummary:
        """Make these the catalogue, as `version`. The same articles again change nothing.

        Raises:
            CommitConflict: `version` is not the next one.
        """
