"""``python -m voiceassist.train``: prepare, fit, evaluate and export."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from voiceassist.errors import VoiceAssistError


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0 when it went well, 1 on an error that the user can mend."""
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
    prepare.add_argument("--folder", type=Path, default=Path("build/data"), help="where the prepared data goes (default: %(default)s)")
    prepare.add_argument("--pieces", type=int, default=192, help="sentencepiece vocabulary (default: %(default)s)")
    prepare.add_argument("--synthetic", type=int, default=9000, help="synthetic phrases (default: %(default)s)")
    prepare.set_defaults(run=_prepare)

    fit = commands.add_parser("fit", help="train the model of a config; goes on where an interrupted run stopped")
    fit.add_argument("config", type=Path)
    fit.add_argument("--folder", type=Path, help="of the run (default: build/runs/NAME)")
    fit.add_argument("--threads", type=int, default=0, help="of the CPU (default: all)")
    fit.set_defaults(run=_fit)
    return parser


def _prepare(options: argparse.Namespace) -> None:
    from voiceassist.train.prepare import prepare

    prepare(options.folder, pieces=options.pieces, synthetic=options.synthetic)


def _fit(options: argparse.Namespace) -> None:
    import torch

    from voiceassist.train.fit import Fit, read_config

    if options.threads:
        torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    config = read_config(options.config)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    Fit(config, options.folder or Path("build/runs") / config.name, device).run()


if __name__ == "__main__":
    sys.exit(main())
