"""Hypothesis without clocks or chance: the same examples in every run, however slow."""

import pytest
from hypothesis import HealthCheck, Phase, is_hypothesis_test, settings

settings.register_profile(
    "steady",
    deadline=None,  # a busy machine is no defect
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(  # pytest --hypothesis-profile thorough: other examples each time
    "thorough",
    settings.get_profile("steady"),
    derandomize=False,
    max_examples=2_000,
)
settings.load_profile("steady")

# `make mutants` runs the tests thousands of times and asks only whether they fail.
settings.register_profile(
    "mutants",
    parent=settings.get_profile("steady"),
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.differing_executors,  # one process, a new instance of the class each time
    ],
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the quick tests go first in a mutation run: most defects die of one of them."""
    if settings.get_current_profile_name() == "mutants":
        items.sort(key=lambda item: is_hypothesis_test(getattr(item, "obj", None)))
