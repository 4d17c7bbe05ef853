"""``python -m voiceassist.train``: label, prepare, listen, fit, export, evaluate, benchmark, curve and card."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import sys
from pathlib import Path
from typing import Any

from voiceassist.errors import VoiceAssistError

BENCHMARK_NAMES = ("wer", "phrases", "words", "commands", "noise", "rejection", "near_misses", "cost")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns 0, or 1 after an error that the user can fix."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        options.run(options)
    except VoiceAssistError as error:
        print(f"error: {error.message}\n  hint: {error.hint}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m voiceassist.train", description="Train and export models.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    prepare = commands.add_parser("prepare", help="decode, align and synthesise the training data once")
    prepare.add_argument("--folder", type=Path, default=Path("build/data"), help="output folder (default: %(default)s)")
    prepare.add_argument("--pieces", type=int, default=192, help="sentencepiece vocabulary (default: %(default)s)")
    prepare.add_argument("--synthetic", type=int, default=9000, help="synthetic phrases (default: %(default)s)")
    prepare.add_argument(
        "--corpus",
        type=Path,
        action="append",
        default=[],
        help="a folder of LibriSpeech, of Common Voice or with speech/train.tsv; may be repeated "
        "(default: the folder that VOICEASSIST_DATA names)",
    )
    prepare.add_argument(
        "--processes",
        type=int,
        default=2,
        help="processes for alignment; 0 leaves recordings unaligned (default: %(default)s)",
    )
    prepare.set_defaults(run=_prepare)

    listen = commands.add_parser(
        "listen", help="align the prepared recordings with a pretrained encoder and store its soft phone labels"
    )
    listen.add_argument("encoder", type=Path, help="assets/tiny-en/encoder_model.ort of the package moonshine-voice")
    listen.add_argument("--data", type=Path, default=Path("build/data"), help="prepared data (default: %(default)s)")
    listen.set_defaults(run=_listen)

    label = commands.add_parser("label", help="transcribe recordings without text into a corpus for prepare")
    label.add_argument("encoder", type=Path, help="assets/tiny-en/encoder_model.ort of the package moonshine-voice")
    label.add_argument("decoder", type=Path, help="decoder_model_merged.ort, with tokenizer.bin beside it")
    label.add_argument("folder", type=Path, help="folder of recordings; speech/train.tsv is written there")
    label.add_argument("--licence", default="", help="of the recordings, for the table")
    label.add_argument(
        "--min-log-prob",
        type=float,
        default=-0.30,
        help="drop transcripts whose tokens have a lower mean log-probability (default: %(default)s)",
    )
    label.set_defaults(run=_label)

    fit = commands.add_parser("fit", help="train the model of a config; resumes an interrupted run")
    fit.add_argument("config", type=Path)
    fit.add_argument("--folder", type=Path, help="folder of the run (default: build/runs/NAME)")
    fit.add_argument("--minutes", type=float, help="end by the clock instead (default: max_minutes of the config)")
    fit.add_argument("--threads", type=int, default=0, help="CPU threads (default: all)")
    fit.set_defaults(run=_fit)

    export = commands.add_parser("export", help="write a checkpoint as a model pack")
    export.add_argument("config", type=Path)
    export.add_argument("--folder", type=Path, help="folder of the run (default: build/runs/NAME)")
    export.add_argument("--pack", type=Path, help="output folder (default: models/NAME-int8)")
    export.add_argument("--float32", action="store_true", help="leave the weights unquantized")
    export.set_defaults(run=_export)

    evaluate = commands.add_parser(
        "evaluate", help="calibrate a pack on dev speech and evaluate it on recorded commands"
    )
    evaluate.add_argument("pack", type=Path)
    evaluate.add_argument("--data", type=Path, default=Path("build/data"), help="prepared data (default: %(default)s)")
    evaluate.add_argument("--grammar", type=Path, default=Path("tests/grammars/assistant.yaml"))
    evaluate.add_argument("--results", type=Path, default=Path("models/results"))
    evaluate.add_argument("--keep-calibration", action="store_true", help="leave the manifest unchanged")
    evaluate.set_defaults(run=_evaluate)
    _add_measuring(commands)
    return parser


def _add_measuring(commands: Any) -> None:
    benchmark = commands.add_parser("benchmark", help="benchmark packs on real voices and store the results")
    benchmark.add_argument("pack", type=Path, nargs="+")
    benchmark.add_argument("--only", action="append", default=[], choices=BENCHMARK_NAMES, help="may be repeated")
    benchmark.add_argument("--data", type=Path, default=Path("build/data"), help="prepared data (default: %(default)s)")
    benchmark.add_argument("--grammar", type=Path, default=Path("tests/grammars/assistant.yaml"))
    benchmark.set_defaults(run=_benchmark)

    curve = commands.add_parser("curve", help="plot the accuracy of benchmarked packs over their memory")
    curve.add_argument("pack", type=Path, nargs="+")
    curve.add_argument("--picture", type=Path, default=Path("assets/plots/accuracy-per-megabyte.svg"))
    curve.set_defaults(run=_curve)

    card = commands.add_parser("card", help="write model cards from stored results")
    card.add_argument("pack", type=Path, nargs="+")
    card.set_defaults(run=_card)

    for command in (benchmark, curve, card):
        command.add_argument("--results", type=Path, default=Path("models/results"))


def _prepare(options: argparse.Namespace) -> None:
    from voiceassist.train.data.prepare import prepare

    prepare(
        options.folder,
        pieces=options.pieces,
        synthetic=options.synthetic,
        corpora=options.corpus,
        processes=options.processes,
    )


def _listen(options: argparse.Namespace) -> None:
    from voiceassist.train.data.pretrained_encoder import PretrainedEncoder, label_phones

    label_phones(options.data, PretrainedEncoder(options.encoder))


def _label(options: argparse.Namespace) -> None:
    from voiceassist.train.data.pseudo_labels import Transcriber, label_recordings

    transcriber = Transcriber(options.encoder, options.decoder)
    label_recordings(options.folder, transcriber, licence=options.licence, min_log_prob=options.min_log_prob)


def _fit(options: argparse.Namespace) -> None:
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


def _export(options: argparse.Namespace) -> None:
    from voiceassist.train.export.release import release
    from voiceassist.train.loop.config import read_config
    from voiceassist.train.model.checkpoint import load_encoder

    config = read_config(options.config)
    run = options.folder or Path("build/runs") / config.name
    pack = options.pack or Path("models") / f"{config.name}-{'float32' if options.float32 else 'int8'}"
    release(load_encoder(run / "checkpoint.pt"), config, options.config, pack, quantize=not options.float32)


def _evaluate(options: argparse.Namespace) -> None:
    from voiceassist.packs.pack import open_pack
    from voiceassist.train.data.readers import dev_speakers
    from voiceassist.train.data.store import AudioStore
    from voiceassist.train.evaluation.evaluation import calibrate_pack, evaluate_recordings

    pack = open_pack(options.pack)
    if not options.keep_calibration:
        dev, noise = (AudioStore(options.data / name) for name in ("dev", "noise"))
        pack = calibrate_pack(pack, dev, noise, speakers=dev_speakers())
    evaluate_recordings(pack, options.grammar, options.results)


def _benchmark(options: argparse.Namespace) -> None:
    from voiceassist.packs.pack import open_pack
    from voiceassist.train.data.corpus import data_folder
    from voiceassist.train.data.readers import dev_speakers
    from voiceassist.train.data.store import AudioStore
    from voiceassist.train.evaluation.benchmark import Material, run_benchmarks

    dev, noise = (AudioStore(options.data / name) for name in ("dev", "noise-test"))
    material = Material(data_folder(), dev, noise, dev_speakers(), options.grammar)
    for folder in options.pack:
        run_benchmarks(open_pack(folder), material, options.results, options.only)


def _curve(options: argparse.Namespace) -> None:
    from voiceassist.train.evaluation.curve import read_points, write_curve

    points = read_points(options.results, [folder.name for folder in options.pack])
    write_curve(points, options.results / "curve.json", options.picture)


def _card(options: argparse.Namespace) -> None:
    from voiceassist.packs.pack import open_pack
    from voiceassist.train.export.model_card import write_card

    for folder in options.pack:
        write_card(open_pack(folder), options.results)


if __name__ == "__main__":
    sys.exit(main())
