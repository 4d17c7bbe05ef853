"""Loading a model so that only one that works is ever switched to. Runs beside the main thread."""

from __future__ import annotations

from contextlib import ExitStack

from voiceassist.engine.runner import PipelineLike
from voiceassist.gui.services.interfaces import GuiServices
from voiceassist.gui.services.samples import first_sample


def load_proven(services: GuiServices, model: str) -> PipelineLike:
    """Load a model and let it decode a clip; one that cannot is closed again.

    Thread: any.

    Raises:
        PackError: the pack is missing, damaged or does not run.
        SoundFileError: there is no clip to try it on.
    """
    with ExitStack() as undo:
        pipeline = services.make_pipeline(model)
        undo.callback(pipeline.close)
        pipeline.recognize(first_sample(services.paths.samples))
        undo.pop_all()
        return pipeline
