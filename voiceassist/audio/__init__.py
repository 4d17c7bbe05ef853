"""Audio input: capture, voice activity detection, utterance segmentation, recordings."""

from voiceassist.native_libraries import find_libraries_by_soname

find_libraries_by_soname()
