"""Model cards, generated from the manifest and the stored benchmarks, so that no figure is copied by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voiceassist.packs.manifest import PRONUNCIATIONS_NAME, Manifest
from voiceassist.packs.pack import Pack
from voiceassist.packs.writer import WordFiles, write_pack_folder

Results = Mapping[str, Any]
"""Stored benchmarks, by name."""


def write_card(pack: Pack, results: Path) -> Pack:
    """Writes the card into the pack and its hash into the manifest; the pack is replaced atomically."""
    path = results / f"{pack.name}-benchmark.json"
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def copy_model(made: Path) -> None:
        shutil.copyfile(pack.model_file, made)

    card = render_card(pack.manifest, stored)
    words = WordFiles(pack.tokens_file, pack.pronunciations_file, pack.confusion_file)
    return write_pack_folder(pack.folder, pack.manifest, words, copy_model, card=card)


def render_card(manifest: Manifest, benchmarks: Results) -> str:
    """The card as Markdown. Benchmarks of another model file are left out."""
    model = manifest.files["model.onnx"].sha256
    found = {name: value for name, value in benchmarks.items() if isinstance(value, dict)}
    current = {name: value for name, value in found.items() if value.get("model_sha256") == model}
    shape = f"{manifest.layers} virtual layers over {manifest.blocks} block{'s' * (manifest.blocks > 1)}"
    head = (
        f"# {manifest.name}\n\n{manifest.title}\n\n"
        f"A conformer of width {manifest.dim}, {shape}, {manifest.parameters:,} parameters, {manifest.quantization}, "
        f"{manifest.tokens} word pieces, a frame every {manifest.frame_ms:g} ms. It understands spoken English; it is "
        "made for commands whose texts are known, not for free dictation.\n"
    )
    sections = (head, _accuracy(current), _commands(current), _cost(manifest, current), _origin(manifest, current))
    return "\n".join(section for section in sections if section)


def _accuracy(current: Results) -> str:
    rows = _accuracy_rows(current, "") + _accuracy_rows(current.get("noise", {}), ", noise at 10 dB")
    depths = sorted({int(depth) for _, percents in rows for depth in percents})
    if not depths:
        return ""
    head = [_row("", *(f"{depth} layers" for depth in depths)), _row(*["---"] * (1 + len(depths)))]
    body = [_row(label, *(percents.get(str(depth), "") for depth in depths)) for label, percents in rows]
    return "\n".join(["## Accuracy on real voices, in percent\n", *head, *body]) + "\n"


def _accuracy_rows(found: Results, place: str) -> list[tuple[str, Mapping[str, float]]]:
    rows = []
    if "wer" in found:
        rows.append((f"word error rate, greedy, no language model{place}", found["wer"]["greedy_percent"]))
    if "written_percent" in found.get("wer", {}):
        rows.append(
            (f"word error rate, as it is written, with the letter model{place}", found["wer"]["written_percent"])
        )
    if "phrases" in found:
        count = found["phrases"]["phrases"]
        rows.append((f"{count} phrases, all of them the grammar, right{place}", found["phrases"]["percent"]))
    if "words" in found:
        count = found["words"]["words"]
        rows.append((f"{count} single words, never trained on, right{place}", found["words"]["percent"]))
    return rows


def _commands(current: Results) -> str:
    places = (("", current.get("commands", {})), (", noise at 10 dB", current.get("noise", {}).get("commands", {})))
    lines = [
        f"* {voices}{place}, {depth} layers: {counts['right']} of {counts['commands']} right "
        f"({counts['right_and_acted']} acted on, {counts['right_and_asked']} asked about), "
        f"{counts['wrong_and_acted']} wrong and acted on; "
        f"{counts['others_rejected']} of {counts['others']} recordings of other speech rejected"
        for place, found in places
        for name, voices in (("human", "people"), ("tts", "synthetic voices"))
        for depth, counts in found.get(name, {}).items()
    ]
    return "\n".join(["## Recorded commands, in no training data\n", *lines]) + "\n" if lines else ""


def _cost(manifest: Manifest, current: Results) -> str:
    cost = current.get("cost")
    if not cost:
        return ""
    pronunciations_mb = manifest.files[PRONUNCIATIONS_NAME].size_bytes / 1e6
    lines = [
        "## Cost, one thread\n",
        f"* file {cost['size_bytes'] / 1e6:.2f} MB, load {cost['load_ms']:g} ms",
        f"* private memory {cost['private_mb']:g} MB after load, {cost['private_10s_mb']:g} MB after 10 s of sound",
        f"* {pronunciations_mb:.1f} MB more for pronunciations while commands are compiled",
    ]
    for depth, times_ms in cost["latency_ms"].items():
        times = (f"{time_ms:g} ms for {length_s} s of sound" for length_s, time_ms in times_ms.items())
        lines.append(f"* {depth} layers: {', '.join(times)}")
    for length_s, share in cost.get("half_depth_time_share", {}).items():
        spread = f"{100 * share['low']:.0f} to {100 * share['high']:.0f} %"
        lines.append(f"* half of the layers take {spread} of the time of all for {length_s} s of sound")
    return "\n".join(lines) + "\n"


def _origin(manifest: Manifest, current: Results) -> str:
    codes = sorted({str(value["code"]) for value in current.values()})
    made = ", ".join(f"{name} {value}" for name, value in manifest.provenance.items())
    lines = ["## Origin\n", f"Weights: {manifest.licence}. Made with: {made or 'not said'}."]
    if codes:
        lines.append(f"Measured with: {', '.join(codes)}.")
    return "\n".join([*lines, "", *(f"* {entry}" for entry in manifest.attribution)]) + "\n"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
