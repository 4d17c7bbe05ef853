"""``voiceassist models`` and ``voiceassist bench``."""

from __future__ import annotations

import argparse

from voiceassist import __version__
from voiceassist.bench import probe as bench_probe
from voiceassist.bench import trial as bench_trial
from voiceassist.bench.suite import PackMeasurement, measure
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, print_note, table
from voiceassist.packs.store import PackListing


def list_packs(options: argparse.Namespace) -> int:
    """Lists the packs, damaged ones included; 1 if any is damaged."""
    assembly = Assembly()
    listings = assembly.packs.list()
    if options.json:
        for listing in listings:
            print_json({**_listing_json(listing), "default": listing.name == assembly.settings.model})
    else:
        print(table([("name", "layers x blocks", "parameters", "MB", "problem"), *map(_listing_row, listings)]))
    return 1 if any(listing.problem for listing in listings) else 0


def _listing_json(listing: PackListing) -> dict[str, object]:
    pack = listing.pack
    if pack is None:
        return {"name": listing.name, "folder": str(listing.folder), "problem": listing.problem}
    manifest = pack.manifest
    return {
        "name": manifest.name,
        "title": manifest.title,
        "folder": str(pack.folder),
        "layers": manifest.layers,
        "blocks": manifest.blocks,
        "order": manifest.order,
        "parameters": manifest.parameters,
        "quantization": manifest.quantization,
        "bytes": manifest.size_bytes,
        "licence": manifest.licence,
        "metrics": dict(manifest.metrics),
        "problem": None,
    }


def _listing_row(listing: PackListing) -> tuple[str, ...]:
    if listing.pack is None:
        return (listing.name, "", "", "", listing.problem or "")
    manifest = listing.pack.manifest
    size_mb = f"{manifest.size_bytes / 1e6:.2f}"
    return (manifest.name, f"{manifest.layers} x {manifest.blocks}", f"{manifest.parameters:,}", size_mb, "")


def install(options: argparse.Namespace) -> int:
    """Installs a ``.vapack`` file."""
    pack = Assembly().packs.install(options.file)
    print(f"installed {pack.manifest.name}: {pack.manifest.title}")
    return 0


def remove(options: argparse.Namespace) -> int:
    """Removes an installed pack."""
    Assembly().packs.remove(options.name)
    return 0


def bench(options: argparse.Namespace) -> int:
    """Measures packs in fresh processes and prints them side by side."""
    store = Assembly().packs
    chosen = [store.get(name) for name in options.packs]
    packs = chosen or [listing.pack for listing in store.list() if listing.pack is not None]
    measured = measure(packs, repeats=options.repeats, progress=lambda what, done: print_note(f"{done:4.0%} {what}"))
    if options.json:
        for measurement in measured:
            print_json({"version": __version__, **measurement.to_json()})
    else:
        print(
            table(
                [
                    ("name", "file MB", "load ms", "memory MB", "after 10 s MB", "2 s ms", "4 s ms", "10 s ms"),
                    *map(_bench_row, measured),
                ]
            )
        )
    return 0


def _bench_row(measured: PackMeasurement) -> tuple[str, ...]:
    latencies = (f"{measured.latency_ms[seconds].median:.1f}" for seconds in ("2", "4", "10"))
    return (
        measured.name,
        f"{measured.size_bytes / 1e6:.2f}",
        f"{measured.load_ms.median:.0f}",
        f"{measured.private_mb.median:.1f}",
        f"{measured.private_10s_mb.median:.1f}",
        *latencies,
    )


def probe(options: argparse.Namespace) -> int:
    """One measurement in this process; started by ``bench``."""
    return bench_probe.main(options.rest)


def trial(options: argparse.Namespace) -> int:
    """One trial in this process; started when a pack is installed."""
    return bench_trial.main(options.rest)
