"""A model pack as the Models page sees it, and what the comparison of two packs comes to in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from voiceassist.bench.suite import PackMeasurement
from voiceassist.gui.pages.models.accuracy import accuracy_lines, accuracy_words
from voiceassist.packs.manifest import Manifest
from voiceassist.packs.store import PackListing

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class PackRow:
    """One line of the table.

    Attributes:
        name: of the pack, or of the folder where the pack is broken.
        installed: the user installed it, so that it can be removed.
        manifest: what the pack says of itself; ``None`` where it is broken.
        file_mb: size of its files.
        problem: what is wrong with it; empty where nothing is.
        measured: what was measured on this machine, if it was.
    """

    name: str
    installed: bool
    manifest: Manifest | None
    file_mb: float = 0.0
    problem: str = ""
    measured: PackMeasurement | None = None

    @property
    def is_shared(self) -> bool:
        """It uses a block more than once."""
        return self.manifest is not None and self.manifest.blocks < self.manifest.layers


def rows_of(listings: Sequence[PackListing], measured: Mapping[str, PackMeasurement]) -> list[PackRow]:
    """The packs of the store with their measurements, shared ones first, broken ones last."""
    rows = [_row_of(listing, measured.get(listing.name)) for listing in listings]
    return sorted(rows, key=lambda row: (row.manifest is None, *_own_weights(row), row.name))


def _own_weights(row: PackRow) -> tuple[float, int]:
    """How much of its own each layer has: its share of a block, and what is added to that."""
    return (row.manifest.blocks / row.manifest.layers, row.manifest.parameters) if row.manifest else (0.0, 0)


def _row_of(listing: PackListing, measured: PackMeasurement | None) -> PackRow:
    if listing.pack is None:
        return PackRow(listing.name, not listing.shipped, None, problem=listing.problem or "It cannot be read.")
    manifest = listing.pack.manifest
    return PackRow(listing.name, not listing.shipped, manifest, manifest.model_bytes / _MB, measured=measured)


def sharing_words(manifest: Manifest) -> str:
    """``1 block for 16 layers`` or ``16 blocks, unshared``."""
    blocks, layers = manifest.blocks, manifest.layers
    if blocks == layers:
        return f"{blocks} blocks, unshared"
    if blocks == 1:
        return f"1 block for {layers} layers"
    return f"{blocks} blocks for {layers} layers, {manifest.order}"


def comparison_words(rows: Sequence[PackRow]) -> str:
    """What sharing gives and costs, from what was measured here."""
    pair = comparable_pair(rows)
    if pair is None:
        return (
            "Measure a shared and an unshared model on this machine to see what sharing gives. It saves memory and "
            "file size; it does not save arithmetic, since every layer is still computed."
        )
    shared, unshared = pair
    told = (_setting(shared, unshared), _gains(shared, unshared), _latency(shared, unshared), _cost(shared, unshared))
    return " ".join(filter(None, told))


def comparable_pair(rows: Sequence[PackRow]) -> tuple[PackRow, PackRow] | None:
    """A measured shared pack and a measured unshared one, as alike in all else as there are."""
    ready = [row for row in rows if row.manifest is not None and row.measured is not None]
    shared = [row for row in ready if row.is_shared]
    unshared = [row for row in ready if not row.is_shared]
    pairs = list(product(shared, unshared))
    return max(pairs, key=lambda pair: _likeness(*pair)) if pairs else None


def _likeness(one: PackRow, other: PackRow) -> int:
    fields = ("layers", "dim", "quantization")
    return sum(getattr(one.manifest, field) == getattr(other.manifest, field) for field in fields)


def _setting(shared: PackRow, unshared: PackRow) -> str:
    first, second = shared.manifest, unshared.manifest
    if first is None or second is None:
        return ""
    blocks = "one block" if first.blocks == 1 else f"{first.blocks} blocks"
    words = f"{shared.name} computes {first.layers} layers with {blocks}; {unshared.name} has {second.blocks} blocks."
    unlike = [field for field in ("layers", "dim", "quantization") if getattr(first, field) != getattr(second, field)]
    return words + (f" (They differ in {' and '.join(unlike)} too, so compare with care.)" if unlike else "")


def _gains(shared: PackRow, unshared: PackRow) -> str:
    first, second = shared.measured, unshared.measured
    if first is None or second is None:
        return ""
    memory = _against(first.private_mb.median, second.private_mb.median, "MB of memory")
    size = _against(shared.file_mb, unshared.file_mb, "MB on disk")
    return (
        f"On this machine the shared one takes {memory}, {size} and loads in "
        f"{first.load_ms.median:.0f} ms against {second.load_ms.median:.0f}."
    )


def _latency(shared: PackRow, unshared: PackRow) -> str:
    first, second = shared.measured, unshared.measured
    if first is None or second is None:
        return ""
    pairs = [
        f"{seconds} s of speech take {one.median:.1f} ms against {other.median:.1f}"
        for seconds in ("2", "10")
        if (one := first.latency_ms.get(seconds)) and (other := second.latency_ms.get(seconds))
    ]
    cost = "Arithmetic is not saved, every layer is still computed"
    return f"{cost}: {', '.join(pairs)}." if pairs else f"{cost}."


def _cost(shared: PackRow, unshared: PackRow) -> str:
    if shared.manifest is None or unshared.manifest is None:
        return ""
    return accuracy_words(shared.manifest, unshared.manifest)


def _against(value: float, other: float, unit: str) -> str:
    """``3.2 MB of memory against 33.2 (10.4 times less)``, or more, as it was measured."""
    words = f"{value:.1f} {unit} against {other:.1f}"
    if value <= 0 or other <= 0:
        return words
    ratio = max(value, other) / min(value, other)
    if ratio < 1.05:
        return f"{words} (about the same)"
    return f"{words} ({ratio:.1f} times {'less' if value < other else 'more'})"


def details_of(row: PackRow) -> list[tuple[str, str]]:
    """Heading and text of everything that the side pane tells of a pack."""
    manifest = row.manifest
    if manifest is None:
        return [("Problem", row.problem)]
    details = [
        ("Sharing", sharing_words(manifest)),
        ("Network", f"{manifest.parameters:,} parameters, width {manifest.dim}, {manifest.quantization}"),
        ("Licence", manifest.licence),
        ("Made from", "\n".join(manifest.attribution)),
        ("Measured in training", "\n".join(accuracy_lines(manifest))),
    ]
    return [(heading, text) for heading, text in details if text]
