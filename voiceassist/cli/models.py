"""``voiceassist models`` and ``voiceassist bench``."""

from __future__ import annotations

import argparse

from voiceassist import __version__
from voiceassist.bench import probe as bench_probe
from voiceassist.bench import trial as bench_trial
from voiceassist.bench.suite import measure
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
        rows = [("name", "layers x blocks", "parameters", "MB", "problem")]
        for listing in listings:
            if listing.pack is None:
                rows.append((listing.name, "", "", "", listing.problem or ""))
            else:
                manifest = listing.pack.manifest
                layers, size_mb = f"{manifest.layers} x {manifest.blocks}", f"{manifest.size_bytes / 1e6:.2f}"
                rows.append((manifest.name, layers, f"{manifest.parameters:,}", size_mb, ""))
        print(table(rows))
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
        rows = [("name", "file MB", "load ms", "memory MB", "after 10 s MB", "2 s ms", "4 s ms", "10 s ms")]
        for result in measured:
            size_mb, load_ms = f"{result.size_bytes / 1e6:.2f}", f"{result.load_ms.median:.0f}"
            memory_mb = (f"{result.private_mb.median:.1f}", f"{result.private_10s_mb.median:.1f}")
            latency_2s, latency_4s, latency_10s = (f"{result.latency_ms[key].median:.1f}" for key in ("2", "4", "10"))
            rows.append((result.name, size_mb, load_ms, *memory_mb, latency_2s, latency_4s, latency_10s))
        print(table(rows))
        for result in (one for one in measured if one.wait_ms):
            detection, *parts = (f"{part} {spread.median:.1f}" for part, spread in result.wait_ms.items())
            print(
                f"{result.name}: after a command of {bench_probe.WAIT_S} s you wait for {', '.join(parts)} ms, "
                f"after half a second of silence for nothing; a recording takes {detection} ms more"
            )
    return 0


def probe(options: argparse.Namespace) -> int:
    """One measurement in this process; started by ``bench``."""
    return bench_probe.main(options.rest)


def trial(options: argparse.Namespace) -> int:
    """One trial in this process; started when a pack is installed."""
    return bench_trial.main(options.rest)
