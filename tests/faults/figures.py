"""The service's own figures, as Prometheus would read them."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families


class Figures:
    """`figures["callcenter_calls"]` is the sum over all labels; `of` asks for some."""

    def __init__(self, page: str) -> None:
        self.samples = [
            sample for family in text_string_to_metric_families(page) for sample in family.samples
        ]

    def __getitem__(self, name: str) -> float:
        return self.of(name)

    def __contains__(self, name: str) -> bool:
        return any(sample.name == name for sample in self.samples)

    def of(self, name: str, **labels: str) -> float:
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )
