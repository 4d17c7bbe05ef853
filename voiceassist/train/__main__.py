"""``python -m voiceassist.train COMMAND``: from recordings to a pack, its benchmarks and its card."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from voiceassist.errors import VoiceAssistError

BENCHMARK_NAMES = ("wer", "phrases", "words", "commands", "noise", "rejection", "near_misses", "cost")


def run_prepare(options: argparse.Namespace) -> None:
    """Decodes, aligns and synthesises the training data."""
    from voiceassist.train.data.prepare import prepare

    prepare(
        options.folder,
        pieces=options.pieces,
        synthetic=options.synthetic,
        corpora=options.corpus,
        processes=options.processes,
    )


def run_listen(options: argparse.Namespace) -> None:
    """Aligns the recordings anew and stores soft phone labels."""
    from voiceassist.train.data.pretrained_encoder import PretrainedEncoder, label_phones

    label_phones(options.data, PretrainedEncoder(options.encoder))


def run_label(options: argparse.Namespace) -> None:
    """Transcribes recordings without text."""
    from voiceassist.train.data.pseudo_labels import MoonshineTranscriber, label_recordings

    transcriber = MoonshineTranscriber(options.encoder, options.decoder)
    label_recordings(options.folder, transcriber, licence=options.licence, min_log_prob=options.min_log_prob)


def run_fit(options: argparse.Namespace) -> None:
    """Trains the model of a config."""
    import torch

    from voiceassist.train.loop.config import read_config
    from voiceassist.train.loop.distributed import process_group
    from voiceassist.train.loop.trainer import Trainer

    if options.threads:
        torch.set_num_threads(options.threads)
    config = read_config(options.config)
    if options.minutes:
        config = dataclasses.replace(config, max_minutes=options.minutes)
    torch.set_flush_denormal(True)  # denormal numbers slow a processor down
    try:
        with process_group() as group:
            Trainer(config, options.folder or Path("build/runs") / config.name, group).run()
    finally:
        torch.set_flush_denormal(False)


def run_contrast(options: argparse.Namespace) -> None:
    """Trains the phone head of a checkpoint to tell sentences apart."""
    import numpy as np
    import torch

    from voiceassist.asr.pronunciation import Pronunciations
    from voiceassist.train.data.augmentation import Augmenter, read_noise_track
    from voiceassist.train.data.store import AudioStore
    from voiceassist.train.loop import phone_contrast
    from voiceassist.train.loop.config import read_config
    from voiceassist.train.model.checkpoint import load_encoder, replace_average
    from voiceassist.train.phones import PHONES

    if options.threads:
        torch.set_num_threads(options.threads)
    config = read_config(options.config)
    data, checkpoint = Path(config.data), (options.folder or Path("build/runs") / config.name) / "checkpoint.pt"
    torch.manual_seed(config.seed)
    rng = np.random.default_rng(config.seed)
    store, noise = AudioStore(data / "train"), read_noise_track(AudioStore(data / "noise"))
    pronunciations = Pronunciations((data / "pronunciations.npy").read_bytes(), PHONES)
    words = {span.label for item in store.items for span in item.words}
    ways = {word: said for word in words if (said := pronunciations.ways(word))}
    encoder = phone_contrast.with_phone_context(load_encoder(checkpoint), options.context)
    excerpts = phone_contrast.draw_excerpts(store, ways, options.excerpts, rng)
    effects = dataclasses.replace(config.augment, silence_s=phone_contrast.SILENCE_S)
    augment = Augmenter(effects, noise, config.seed, torch.from_numpy(store.sound))
    batches = list(phone_contrast.hear_excerpts(encoder, store, excerpts, augment))
    phone_contrast.train_phone_head(encoder, batches, phone_contrast.RivalPhrases(ways, rng), options.passes)
    replace_average(checkpoint, encoder)


def run_export(options: argparse.Namespace) -> None:
    """Writes a checkpoint as a pack."""
    from voiceassist.train.export.onnx_export import release
    from voiceassist.train.loop.config import read_config
    from voiceassist.train.model.checkpoint import load_encoder

    config = read_config(options.config)
    run = options.folder or Path("build/runs") / config.name
    pack = options.pack or Path("models") / f"{config.name}-{'float32' if options.float32 else 'int8'}"
    release(load_encoder(run / "checkpoint.pt"), config, options.config, pack, quantize=not options.float32)


def run_letters(options: argparse.Namespace) -> None:
    """Estimates the letter model that free text is written with."""
    from voiceassist.train.export.letter_model import fit_letter_model

    fit_letter_model(options.data, options.output)


def run_evaluate(options: argparse.Namespace) -> None:
    """Calibrates a pack and evaluates it on recorded commands."""
    _load_detector()
    from voiceassist.packs.pack import open_pack
    from voiceassist.train.data.readers import dev_speakers
    from voiceassist.train.data.store import AudioStore
    from voiceassist.train.evaluation.evaluation import calibrate_pack, evaluate_recordings

    pack = open_pack(options.pack)
    if not options.keep_calibration:
        dev, noise = (AudioStore(options.data / name) for name in ("dev", "noise"))
        pack = calibrate_pack(pack, dev, noise, speakers=dev_speakers())
    evaluate_recordings(pack, options.grammar, options.results)


def run_benchmark(options: argparse.Namespace) -> None:
    """Benchmarks packs."""
    _load_detector()
    from voiceassist.packs.pack import open_pack
    from voiceassist.train.data.corpus import data_folder
    from voiceassist.train.data.readers import dev_speakers
    from voiceassist.train.data.store import AudioStore
    from voiceassist.train.evaluation.benchmark import Material, run_benchmarks

    dev, noise = (AudioStore(options.data / name) for name in ("dev", "noise-test"))
    material = Material(data_folder(), dev, noise, dev_speakers(), options.grammar)
    for folder in options.pack:
        run_benchmarks(open_pack(folder), material, options.results, options.only)


def run_curve(options: argparse.Namespace) -> None:
    """Plots accuracy over memory."""
    from voiceassist.train.evaluation.curve import read_points, write_curve

    points = read_points(options.results, [folder.name for folder in options.pack])
    write_curve(points, options.results / "curve.json", options.picture)


def run_card(options: argparse.Namespace) -> None:
    """Writes model cards."""
    from voiceassist.packs.pack import open_pack
    from voiceassist.train.export.model_card import write_card

    for folder in options.pack:
        write_card(open_pack(folder), options.results)


def _load_detector() -> None:
    """Loads the speech detector before torch: with torch's OpenMP it takes ten times as long for each frame."""
    from voiceassist.audio.vad import SpeechDetector

    SpeechDetector()


DEFAULT = "(default: %(default)s)"
ONE_FILE: Mapping[str, Any] = {"type": Path}
PACKS: Mapping[str, Any] = {"type": Path, "nargs": "+"}
RUN_FOLDER: Mapping[str, Any] = {"type": Path, "help": "folder of the run (default: build/runs/NAME)"}
DATA: Mapping[str, Any] = {"type": Path, "default": Path("build/data"), "help": f"prepared data {DEFAULT}"}
GRAMMAR: Mapping[str, Any] = {"type": Path, "default": Path("tests/grammars/assistant.yaml")}
RESULTS: Mapping[str, Any] = {"type": Path, "default": Path("models/results")}
ENCODER: Mapping[str, Any] = {"type": Path, "help": "assets/tiny-en/encoder_model.ort of the package moonshine-voice"}


class Command(NamedTuple):
    """A command: what runs it, its line of help, and its arguments as `argparse` takes them."""

    run: Callable[[argparse.Namespace], None]
    help: str
    arguments: Mapping[str, Mapping[str, Any]]


COMMANDS = {
    "prepare": Command(
        run_prepare,
        "decode, align and synthesise the training data once",
        {
            "--folder": {"type": Path, "default": Path("build/data"), "help": f"output folder {DEFAULT}"},
            "--pieces": {"type": int, "default": 192, "help": f"sentencepiece vocabulary {DEFAULT}"},
            "--synthetic": {"type": int, "default": 9000, "help": f"synthetic phrases {DEFAULT}"},
            "--corpus": {
                "type": Path,
                "action": "append",
                "default": [],
                "help": "a folder of LibriSpeech, of Common Voice or with speech/train.tsv; may be repeated "
                "(default: the folder that VOICEASSIST_DATA names)",
            },
            "--processes": {
                "type": int,
                "default": 2,
                "help": f"processes for alignment; 0 leaves recordings unaligned {DEFAULT}",
            },
        },
    ),
    "listen": Command(
        run_listen,
        "align the prepared recordings with a pretrained encoder and store its soft phone labels",
        {"encoder": ENCODER, "--data": DATA},
    ),
    "label": Command(
        run_label,
        "transcribe recordings without text into a corpus for prepare",
        {
            "encoder": ENCODER,
            "decoder": {"type": Path, "help": "decoder_model_merged.ort, with tokenizer.bin beside it"},
            "folder": {"type": Path, "help": "folder of recordings; speech/train.tsv is written there"},
            "--licence": {"default": "", "help": "of the recordings, for the table"},
            "--min-log-prob": {
                "type": float,
                "default": -0.30,
                "help": f"drop transcripts whose tokens have a lower mean log-probability {DEFAULT}",
            },
        },
    ),
    "fit": Command(
        run_fit,
        "train the model of a config; resumes an interrupted run",
        {
            "config": ONE_FILE,
            "--folder": RUN_FOLDER,
            "--minutes": {"type": float, "help": "end by the clock instead (default: max_minutes of the config)"},
            "--threads": {"type": int, "default": 0, "help": "CPU threads (default: all)"},
        },
    ),
    "contrast": Command(
        run_contrast,
        "train the phone head of a finished run to tell sentences apart; the rest of its checkpoint stays",
        {
            "config": ONE_FILE,
            "--folder": RUN_FOLDER,
            "--excerpts": {"type": int, "default": 28_000, "help": f"excerpts of recordings to hear {DEFAULT}"},
            "--passes": {"type": int, "default": 3, "help": f"passes over them {DEFAULT}"},
            "--context": {"type": int, "default": 96, "help": f"width of the part that sees other frames {DEFAULT}"},
            "--threads": {"type": int, "default": 0, "help": "CPU threads (default: all)"},
        },
    ),
    "export": Command(
        run_export,
        "write a checkpoint as a model pack",
        {
            "config": ONE_FILE,
            "--folder": RUN_FOLDER,
            "--pack": {"type": Path, "help": "output folder (default: models/NAME-int8)"},
            "--float32": {"action": "store_true", "help": "leave the weights unquantized"},
        },
    ),
    "letters": Command(
        run_letters,
        "estimate the letter model that free text is written with",
        {
            "--data": DATA,
            "--output": {"type": Path, "default": Path("assets/letters.bin"), "help": "(default: %(default)s)"},
        },
    ),
    "evaluate": Command(
        run_evaluate,
        "calibrate a pack on dev speech and evaluate it on recorded commands",
        {
            "pack": ONE_FILE,
            "--data": DATA,
            "--grammar": GRAMMAR,
            "--results": RESULTS,
            "--keep-calibration": {"action": "store_true", "help": "leave the manifest unchanged"},
        },
    ),
    "benchmark": Command(
        run_benchmark,
        "benchmark packs on real voices and store the results",
        {
            "pack": PACKS,
            "--only": {"action": "append", "default": [], "choices": BENCHMARK_NAMES, "help": "may be repeated"},
            "--data": DATA,
            "--grammar": GRAMMAR,
            "--results": RESULTS,
        },
    ),
    "curve": Command(
        run_curve,
        "plot the accuracy of benchmarked packs over their memory",
        {
            "pack": PACKS,
            "--picture": {"type": Path, "default": Path("assets/plots/accuracy-per-megabyte.svg")},
            "--results": RESULTS,
        },
    ),
    "card": Command(run_card, "write model cards from stored results", {"pack": PACKS, "--results": RESULTS}),
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns 0, or 1 after an error that the user can fix."""
    parser = argparse.ArgumentParser(prog="python -m voiceassist.train", description="Train and export models.")
    names = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        own = names.add_parser(name, help=command.help)
        own.set_defaults(run=command.run)
        for argument, settings in command.arguments.items():
            own.add_argument(argument, **settings)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        options.run(options)
    except VoiceAssistError as error:
        print(f"error: {error.message}\n  hint: {error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
