"""Audio input: capture, voice activity detection, utterance segmentation, recordings."""
