"""Hypothesis without clocks or chance: the same examples in every run, however slow."""

from hypothesis import HealthCheck, settings

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
