"""The `Catalogue` port in dictionaries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from chalicelib.domain.catalogue import Article, CatalogueSummary, summary_of
from chalicelib.ports import CommitConflict


class FakeCatalogue:
    """Catalogues of a test; `reads` counts the look-ups that would cost one."""

    def __init__(self) -> None:
        self.summaries: dict[str, CatalogueSummary] = {}
        self.by_sku: dict[str, dict[str, Article]] = {}
        self.reads = 0

    def summary(self, merchant_id: str) -> CatalogueSummary | None:
        return self.summaries.get(merchant_id)

    def articles(
        self, merchant_id: str, skus: Collection[str], *, is_fresh: bool = False
    ) -> Mapping[str, Article]:
        kept = self.by_sku.get(merchant_id)
        if not kept:
            return {}
        self.reads += 1
        return {sku: kept[sku] for sku in skus if sku in kept}

    def page(self, merchant_id: str, *, after: str = "", limit: int) -> tuple[Article, ...]:
        return tuple(one for one in self.every(merchant_id) if one.sku > after)[:limit]

    def every(self, merchant_id: str) -> tuple[Article, ...]:
        kept = self.by_sku.get(merchant_id, {})
        return tuple(kept[sku] for sku in sorted(kept))

    def save(
        self, merchant_id: str, articles: Sequence[Article], *, version: int, at: datetime
    ) -> CatalogueSummary:
        before = self.summaries.get(merchant_id)
        if version != (before.version if before else 0) + 1:
            raise CommitConflict(f"{version} is not the next version")
        by_sku = {one.sku: one for one in articles}
        if before and by_sku == self.by_sku[merchant_id]:
            return before
        self.by_sku[merchant_id] = by_sku
        self.summaries[merchant_id] = summary_of(articles, version=version, updated_at=at)
        return self.summaries[merchant_id]
