"""A model pack as the Models page sees it, and what the comparison of two packs comes to in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from voiceassist.bench.measurement import PackMeasurement, Spread
from voiceassist.gui.pages.models.accuracy import accuracy_lines, accuracy_words, phrases_percent
from voiceassist.gui.translation import decimal, tr
from voiceassist.packs.manifest import Manifest
from voiceassist.packs.store import PackListing

_MB = 1_000_000
_NEAR_PERCENT = 1.0
"""A model that understands at most this much less than the best is as good for all that can be told."""
_COMPARED = ("layers", "dim", "quantization")
"""What two models have to have in common, for what differs to come from sharing."""
_BUSY_SPREAD = 0.5
_SAME_TIME = 1.25
"""Only times that differ by less than this are told as the same amount of computing."""
_COMMAND_S = "2"
"""The measured length of sound that is nearest to that of a command."""


@dataclass(frozen=True, slots=True)
class PackRow:
    """One line of the table.

    Attributes:
        name: of the pack, or of the folder where the pack is broken.
        installed: the user installed it, so that it can be removed.
        manifest: what the pack says of itself; ``None`` where it is broken.
        file_mb: size of its model file.
        problem: what is wrong with it; empty where nothing is.
        measured: what was measured on this machine, if it was.
        plain_name: what it is, in words for everybody.
    """

    name: str
    installed: bool
    manifest: Manifest | None
    file_mb: float = 0.0
    problem: str = ""
    measured: PackMeasurement | None = None
    plain_name: str = ""

    @property
    def is_shared(self) -> bool:
        """It uses a block more than once."""
        return self.manifest is not None and self.manifest.blocks < self.manifest.layers

    @property
    def command_ms(self) -> Spread | None:
        """Time to recognise a sound as long as a command."""
        return None if self.measured is None else self.measured.latency_ms.get(_COMMAND_S)

    @property
    def right_percent(self) -> float | None:
        """Of spoken phrases of strangers, so many were understood."""
        return None if self.manifest is None else phrases_percent(self.manifest)


def rows_of(listings: Sequence[PackListing], measured: Mapping[str, PackMeasurement]) -> list[PackRow]:
    """The packs of the store with their measurements, shared ones first, broken ones last."""
    manifests = [listing.pack.manifest for listing in listings if listing.pack is not None]
    rows = [_row_of(listing, measured.get(listing.name), manifests) for listing in listings]

    def place(row: PackRow) -> tuple[bool, float, int, str]:
        """By what each layer has of its own: its share of a block, and what is added to that."""
        if row.manifest is None:
            return (True, 0.0, 0, row.name)
        return (False, row.manifest.blocks / row.manifest.layers, row.manifest.parameters, row.name)

    return sorted(rows, key=place)


def _row_of(listing: PackListing, measured: PackMeasurement | None, all_packs: Sequence[Manifest]) -> PackRow:
    if listing.pack is None:
        problem = listing.problem or tr("It cannot be read.")
        return PackRow(listing.name, not listing.shipped, None, problem=problem, plain_name=listing.name)
    manifest = listing.pack.manifest
    return PackRow(
        listing.name,
        not listing.shipped,
        manifest,
        manifest.model_bytes / _MB,
        measured=measured,
        plain_name=plain_name(manifest, all_packs),
    )


def plain_name(manifest: Manifest, all_packs: Sequence[Manifest]) -> str:
    """What a model is, for everybody: ``Small: one shared block``."""
    blocks, layers = manifest.blocks, manifest.layers
    if blocks == layers:
        return tr("Large: {blocks} blocks of its own", blocks=blocks)
    if blocks > 1:
        return tr("Middle: {blocks} shared blocks", blocks=blocks)
    alike = [other for other in all_packs if (other.blocks, other.layers, other.dim) == (1, layers, manifest.dim)]
    if any(other.parameters < manifest.parameters for other in alike):
        return tr("Small plus: one shared block, adjusted for each layer")
    return tr("Small: one shared block")


def sharing_words(manifest: Manifest) -> str:
    """``one block, run 12 times`` or ``12 blocks, each run once``."""
    blocks, layers = manifest.blocks, manifest.layers
    if blocks == layers:
        return tr("{blocks} blocks, each run once", blocks=blocks)
    if blocks == 1:
        return tr("one block, run {layers} times", layers=layers)
    return tr("{blocks} blocks, run {layers} times in all", blocks=blocks, layers=layers)


def recommended(rows: Sequence[PackRow]) -> str:
    """The smallest model that understands about as much as the best; empty where that is not known of two models."""
    known = [(row.right_percent, row) for row in rows if row.right_percent is not None]
    if len(known) < 2:
        return ""
    best = max(percent for percent, _ in known)
    near = [row for percent, row in known if percent >= best - _NEAR_PERCENT]
    return min(near, key=lambda row: row.file_mb).name


def was_busy(rows: Sequence[PackRow]) -> bool:
    """The times differ so much from process to process that the machine had something else to do."""
    spreads = [spread for row in rows if row.measured for spread in row.measured.latency_ms.values()]
    return any(spread.high - spread.low > _BUSY_SPREAD * spread.median for spread in spreads)


def comparison_words(rows: Sequence[PackRow]) -> str:
    """What sharing gives and costs, from what was measured here."""
    pair = comparable_pair(rows)
    if pair is None:
        return tr("Measure the models on this machine to see here what sharing saves, and what it does not.")
    shared, unshared = pair
    told = [_setting(shared, unshared), _gains(shared, unshared), _latency(shared, unshared)]
    if shared.manifest is not None and unshared.manifest is not None:
        told.append(accuracy_words(shared.manifest, unshared.manifest))
    return " ".join(filter(None, told))


def comparable_pair(rows: Sequence[PackRow]) -> tuple[PackRow, PackRow] | None:
    """A measured shared pack and a measured unshared one, as alike in all else as there are."""
    ready = [row for row in rows if row.manifest is not None and row.measured is not None]
    shared = [row for row in ready if row.is_shared]
    unshared = [row for row in ready if not row.is_shared]

    def likeness(pair: tuple[PackRow, PackRow]) -> int:
        one, other = pair
        return sum(getattr(one.manifest, field) == getattr(other.manifest, field) for field in _COMPARED)

    return max(product(shared, unshared), key=likeness, default=None)


def _setting(shared: PackRow, unshared: PackRow) -> str:
    first, second = shared.manifest, unshared.manifest
    if first is None or second is None:
        return ""
    words = tr(
        "Measured here: {shared} against {unshared}.", shared=sharing_words(first), unshared=sharing_words(second)
    )
    unlike = [field for field in _COMPARED if getattr(first, field) != getattr(second, field)]
    return words + (" " + tr("They differ in more than that, so compare with care.") if unlike else "")


def _gains(shared: PackRow, unshared: PackRow) -> str:
    first, second = shared.measured, unshared.measured
    if first is None or second is None:
        return ""
    return tr(
        "The shared one takes {memory}, {size}, and {load}.",
        memory=_against(first.private_mb.median, second.private_mb.median, tr("MB of memory")),
        size=_against(shared.file_mb, unshared.file_mb, tr("MB on disk")),
        load=_against(first.load_ms.median, second.load_ms.median, tr("ms to load")),
    )


def _latency(shared: PackRow, unshared: PackRow) -> str:
    one, other = shared.command_ms, unshared.command_ms
    if one is None or other is None:
        return ""
    time = _against(one.median, other.median, tr("ms"))
    if max(one.median, other.median) < _SAME_TIME * min(one.median, other.median):
        return tr("It has about as much to compute: 2 seconds of speech take {time}.", time=time)
    return tr("2 seconds of speech take {time}.", time=time)


def _against(value: float, other: float, unit: str) -> str:
    """``3.2 MB of memory instead of 33.2 (10.4 times less)``, or more, as it was measured."""
    words = tr("{value} {unit} instead of {other}", value=decimal(value), unit=unit, other=decimal(other))
    if value <= 0 or other <= 0:
        return words
    ratio = max(value, other) / min(value, other)
    if ratio < 1.05:
        return words + " " + tr("(about the same)")
    times = decimal(ratio)
    return (
        words
        + " "
        + (tr("({times} times less)", times=times) if value < other else tr("({times} times more)", times=times))
    )


def details_of(row: PackRow) -> list[tuple[str, str]]:
    """Heading and text of everything that is told of a pack on demand."""
    manifest = row.manifest
    if manifest is None:
        return [(tr("Problem"), row.problem)]
    details = [
        (tr("Name"), f"{row.name} - {manifest.title}"),
        (tr("Blocks"), sharing_words(manifest)),
        (
            tr("Size"),
            tr(
                "{count} learned numbers, width {width}, stored as {format}",
                count=f"{manifest.parameters:,}",
                width=manifest.dim,
                format=manifest.quantization,
            ),
        ),
        (tr("Licence"), manifest.licence),
        (tr("Made from"), "\n".join(manifest.attribution)),
        (tr("Measured in training"), "\n".join(accuracy_lines(manifest))),
    ]
    return [(heading, text) for heading, text in details if text]
